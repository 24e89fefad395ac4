import HotStuff
import HotStuffReplica
import HotStuffTransport
import Logging
import NIOPosix
import PostQuantum

struct Counter: StateMachine {
    private var total: UInt64 = 0

    mutating func execute(_ commands: [Command], at block: BlockContext) -> [Reply] {
        commands.map { command in
            total &+= UInt64(command.body.count)
            return Reply(Array("\(total)".utf8))
        }
    }
}

func startReplica(seed: SecretBytes, peers: [Peer]) async throws -> Replica {
    let scheme = SignatureScheme.standard
    let validators = peers.map { Validator(verificationKey: $0.verificationKey, power: VotingPower(1)) }
    let genesis = Genesis(
        name: "counters",
        validators: try ValidatorSet(validators),
        signatureScheme: scheme.rawValue,
        parameters: ChainParameters()
    )
    return try await Replica.start(
        ReplicaConfiguration(genesis: genesis, replica: ReplicaID(0), peers: peers, dataDirectory: "./data_0"),
        signer: try scheme.makeSigner(seed: seed),
        machine: Counter(),
        group: MultiThreadedEventLoopGroup.singleton,
        logger: Logger(label: "replica 0")
    )
}
