import HotStuff
import Testing

@Suite("A chain that goes on from another one")
struct OriginTests {
    /// An origin without a fault.
    static let sample = Origin(
        predecessors: [GoldenValues.digest(from: 0x10), GoldenValues.digest(from: 0x40)],
        epoch: Epoch(2),
        view: View(0x0102),
        height: Height(0x0304),
        block: GoldenValues.digest(from: 0x50),
        state: GoldenValues.digest(from: 0x60),
        time: Timestamp(0x0506_0708)
    )

    private static func genesis(_ origin: Origin?) throws -> Genesis {
        let golden = try GoldenValues.genesis()
        return Genesis(
            name: golden.name,
            validators: golden.validators,
            signatureScheme: golden.signatureScheme,
            parameters: golden.parameters,
            origin: origin
        )
    }

    private static func changed(_ change: (inout Fields) -> Void) -> Origin {
        var fields = Fields()
        change(&fields)
        return Origin(
            predecessors: fields.predecessors,
            epoch: Epoch(fields.epoch),
            view: View(fields.view),
            height: Height(fields.height),
            block: fields.block,
            state: fields.state,
            time: Timestamp(fields.time)
        )
    }

    /// The fields of the sample, to be changed one at a time.
    private struct Fields {
        var predecessors = sample.predecessors
        var epoch = sample.epoch.rawValue
        var view = sample.view.rawValue
        var height = sample.height.rawValue
        var block = sample.block
        var state = sample.state
        var time = sample.time.rawValue
    }

    @Test(
        "a genesis document without an origin has the digest that it always had; with one it is the old bytes and the origin's"
    )
    func digests() throws {
        #expect(try Self.genesis(nil).chain == GoldenValues.genesis().chain)
        #expect(try Self.genesis(Self.sample).encoded == GoldenValues.genesis().encoded + Self.sample.encoded)
        let chain = try Self.genesis(Self.sample).chain
        #expect(chain.description == "576f1e17da57be84e002ae2e8d4cb3fc52f19feb26ad3d1172c63af085b482b7", "\(chain)")
    }

    @Test("every field of an origin is in the chain's name")
    func fields() throws {
        let origins = [
            nil, Self.sample, Self.changed { $0.predecessors.removeFirst() }, Self.changed { $0.epoch += 1 },
            Self.changed { $0.view += 1 }, Self.changed { $0.height += 1 }, Self.changed { $0.block = .zero },
            Self.changed { $0.state = .zero }, Self.changed { $0.time += 1 },
        ]
        let chains = try origins.map { try Self.genesis($0).chain }
        #expect(Set(chains).count == origins.count)
    }

    @Test("an origin comes back from its bytes, and from nothing shorter, longer or with a fault")
    func encoding() throws {
        let bytes = Self.sample.encoded
        #expect(try Origin(decoding: bytes) == Self.sample)
        for count in bytes.indices {
            #expect(throws: DecodingError.self) { try Origin(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: DecodingError.self) { try Origin(decoding: bytes + [0]) }
        let faulty = [
            Self.changed { $0.predecessors = [] }, Self.changed { $0.predecessors = [.zero, .zero] },
            Self.changed { $0.epoch = 1 }, Self.changed { $0.height = 0 }, Self.changed { $0.view = 0 },
            Self.changed { $0.height = .max }, Self.changed { $0.view = .max }, Self.changed { $0.epoch = .max },
        ]
        for origin in faulty {
            #expect(origin.fault != nil)
            #expect(throws: DecodingError.self) { try Origin(decoding: origin.encoded) }
        }
        #expect(Self.sample.fault == nil)
        for position in bytes.indices {
            for value: UInt8 in [0, 1, 0xff, bytes[position] ^ 0x80] {
                var mutant = bytes
                mutant[position] = value
                if let origin = try? Origin(decoding: mutant) { #expect(origin.encoded == mutant, "byte \(position)") }
            }
        }
    }

    @Test(
        "its first block stands in the place of the last one, makes nothing below it final, and claims the state behind it"
    )
    func header() throws {
        let genesis = try Self.genesis(Self.sample)
        let header = genesis.header
        #expect(header.chain == genesis.chain && header.epoch == Epoch(2))
        #expect(header.height == Height(0x0304) && header.view == View(0x0102))
        #expect(header.parent == Self.sample.block && header.time == Self.sample.time)
        #expect(header.executed == ExecutedState(height: header.height, digest: Self.sample.state))
        let committee = Committee(genesis)
        #expect(committee.epoch == Epoch(2) && committee.chain == genesis.chain)
        let next = BlockHeader(
            chain: header.chain,
            epoch: header.epoch,
            view: View(0x0103),
            height: Height(0x0305),
            parent: header.id,
            justifyView: header.view,
            proposer: ReplicaID(0),
            payloadDigest: Payload.empty.digest,
            executed: header.executed,
            time: header.time
        )
        let ancestry = Ancestry(final: committee.genesis, pending: [])
        #expect(CommitRule.threeChain.commits(next, on: ancestry) == nil)
    }

    @Test("the places of sessions are another epoch's own, so that a lost session is never another client's")
    func sessions() throws {
        func header(epoch: UInt64) -> BlockHeader {
            BlockHeader(
                chain: .zero,
                epoch: Epoch(epoch),
                view: View(9),
                height: Height(7),
                parent: .zero,
                justifyView: View(8),
                proposer: ReplicaID(0),
                payloadDigest: .zero,
                executed: .genesis,
                time: Timestamp(0)
            )
        }
        #expect(SessionID(openedAt: 3, in: header(epoch: 0)) == SessionID(height: Height(7), position: 3))
        #expect(SessionID(openedAt: 3, in: header(epoch: 1)) == SessionID(height: Height(7), position: 65_539))
        let last = SessionID(openedAt: Payload.maximumCommandCount - 1, in: header(epoch: 1))
        #expect(last < SessionID(openedAt: 0, in: header(epoch: 2)))
        // Nobody recovers a chain so often; it must not trap.
        #expect(SessionID(openedAt: 1, in: header(epoch: .max)).height == Height(7))
    }

    @Test("the state with which the other chain begins is the same, under a digest that proves its root")
    func beginning() throws {
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: 10)
        let block = Block(
            header: BlockHeader(
                chain: .zero,
                epoch: .first,
                view: View(1),
                height: Height(1),
                parent: .zero,
                justifyView: .genesis,
                proposer: ReplicaID(0),
                payloadDigest: .zero,
                executed: .genesis,
                time: Timestamp(1)
            ),
            payload: Payload([.openSession(nonce: 1)]),
            justify: GoldenValues.quorumCertificate
        )
        _ = execution.execute(block)
        let beginning = try #require(execution.beginningAnotherChain())
        let point = try #require(beginning.trail.point)
        #expect(point.height == Height(1) && point.before == execution.executed.digest)
        #expect(point.root == execution.snapshotRoot() && point.root == beginning.snapshotRoot())
        #expect(beginning.executed == point.executed && beginning.executed != execution.executed)
    }
}
