internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffConfiguration
internal import PostQuantum

extension Trial {
    /// Reads a configuration, which is the input with a few abbreviations: it is refused in one line, or stays as it is when it
    /// is written and read again.
    static func cluster(_ input: inout ByteReader) { check(cluster: Abbreviations.expand(input.remainder())) }

    /// An election of leaders, mostly the standard one.
    private static func election(_ input: inout ByteReader) -> LeaderElectionRule {
        switch input.byte() & 7 {
        case 0: .roundRobin(tenure: number(&input))
        case 1: .weighted
        case 2: .reputation
        case 3: .proofOfWork(difficulty: input.byte())
        default: .standard
        }
    }

    /// Founds a cluster as the input asks: what can be founded can be written and read; then the file is edited.
    static func foundation(_ input: inout ByteReader) {
        let name = text(&input)
        let parameters = ChainParameters(
            maximumCommandsPerBlock: number(&input),
            maximumCommandBytes: number(&input),
            maximumPayloadBytes: number(&input),
            maximumClockDriftMilliseconds: number(&input),
            maximumExecutionLag: number(&input),
            snapshotInterval: number(&input),
            leaderElection: election(&input)
        )
        guard parameters.fault == nil else { return }
        let replicas = (0..<input.byte() % 4).map { index in
            ReplicaEntry(
                id: ReplicaID(UInt16(input.byte() & 7 == 0 ? input.byte() % 4 : index)),
                host: input.byte() & 7 == 0 ? text(&input) : "replica-\(index)",
                port: Int(input.byte()) << 8 | 1,
                votingPower: VotingPower(number(&input)),
                publicKey: Abbreviations.publicKeys[Int(input.byte() & 7 == 0 ? 0 : index)]
            )
        }
        // The limits of a host are those of the file; who makes an entry keeps to them.
        guard replicas.allSatisfy({ FuzzedText.isHost($0.host) }) else { return }
        let origin = origin(&input)
        if let origin, origin.fault != nil { return }
        do {
            let cluster = try ClusterConfiguration(
                name: name,
                scheme: .mlDSA44,
                parameters: parameters,
                settings: ConsensusSettings(),
                replicas: replicas,
                origin: origin,
                file: "input"
            )
            let content = cluster.fileContent
            guard let again = try? ClusterConfiguration(decoding: content, file: "file"), again == cluster else {
                fail("a cluster that was founded is not read again")
            }
            var edited = content
            Edits.apply(16, to: &edited, &input)
            check(cluster: edited)
        } catch {
            checkLine(error)
        }
    }

    /// Reads a key file, with abbreviations; what is read fits its own public key, and can be written and read again.
    static func key(_ input: inout ByteReader) {
        let content = Abbreviations.expand(input.remainder())
        do {
            let key = try KeyFile(decoding: content, file: "key.json")
            guard let again = try? KeyFile(decoding: key.fileContent, file: "key.json") else {
                fail("a key that was read is refused when it is written")
            }
            require(
                again.id == key.id && again.chain == key.chain && again.scheme == key.scheme && again.seed == key.seed
                    && again.publicKey == key.publicKey,
                "a key changes when it is written"
            )
            guard let verifier = try? key.scheme.makeVerifier(key: key.publicKey),
                let signature = try? key.signer.sign([1], context: [])
            else { fail("a key that was read does not sign") }
            require(verifier.isValid(signature, for: [1], context: []), "a key is not that of its public key")
            do {
                try key.check(file: "key.json", belongsTo: key.id, of: Abbreviations.cluster, in: "config.json")
                require(key.chain == Abbreviations.cluster.genesis.chain, "a key of another chain is taken")
                require(key.publicKey == Abbreviations.publicKeys[key.id.index], "a key of another replica is taken")
            } catch {
                checkLine(error)
            }
        } catch {
            checkLine(error)
        }
    }

    private static func check(cluster content: [UInt8]) {
        do {
            let cluster = try ClusterConfiguration(decoding: content, file: "config.json")
            guard let again = try? ClusterConfiguration(decoding: cluster.fileContent, file: "config.json") else {
                fail("a configuration that was read is refused when it is written")
            }
            require(again == cluster, "a configuration changes when it is written")
            require(cluster.fileContent == again.fileContent, "a configuration is written in two ways")
            for (index, replica) in cluster.replicas.enumerated() {
                require(replica.id.index == index, "replica \(replica.id) stands at place \(index)")
                require((1...65_535).contains(replica.port), "port \(replica.port)")
                require(replica.votingPower.rawValue > 0, "a replica without power")
            }
            require(!cluster.replicas.isEmpty, "a configuration without replicas")
            require(cluster.parameters.fault == nil && cluster.settings.fault == nil, "a setting out of its limits")
            require(FuzzedText.printable(cluster.name) == cluster.name, "a name that cannot be shown")
        } catch {
            checkLine(error)
        }
    }

    /// Where a chain begins that goes on from others, sometimes.
    private static func origin(_ input: inout ByteReader) -> Origin? {
        guard input.byte() & 3 == 1 else { return nil }
        func digest() -> Digest { Digest.hash(of: [input.byte()]) }
        return Origin(
            predecessors: (0..<input.byte() % 4).map { _ in digest() },
            epoch: Epoch(number(&input)),
            view: View(number(&input)),
            height: Height(number(&input)),
            block: digest(),
            state: digest(),
            time: Timestamp(number(&input))
        )
    }

    private static func text(_ input: inout ByteReader) -> String {
        String(decoding: input.bytes(Int(input.byte() & 15)), as: UTF8.self)
    }

    /// A number of any size, small ones and extremes among them.
    private static func number<Number: FixedWidthInteger & UnsignedInteger>(_ input: inout ByteReader) -> Number {
        let choice = input.byte()
        switch choice % 4 {
        case 0: return Number(truncatingIfNeeded: choice / 4)
        case 1: return Number.max >> Number(truncatingIfNeeded: choice / 4 % 64)
        case 2: return Number(truncatingIfNeeded: 1 << Int(choice / 4 % 32)) &* 100
        default: return input.bytes(8).reduce(0) { $0 << 8 | Number($1) }
        }
    }
}
