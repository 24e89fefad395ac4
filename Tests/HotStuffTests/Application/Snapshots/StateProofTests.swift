import HotStuff
import Testing

@Suite("Proofs of snapshots")
struct StateProofTests {
    private static let interval: UInt64 = 5

    /// A history with commands, and every state of it, from the genesis on.
    private static func history(through last: UInt64) -> (Execution<KeyValueStore>, [ExecutedState]) {
        var execution = Execution(machine: KeyValueStore(), snapshotInterval: interval)
        var states = [execution.executed]
        for height in 1...last {
            let commands: [Command] =
                height == 1
                ? [.openSession(nonce: 1)]
                : [command(session(1), height, KeyValueCommand.put(key: [UInt8(height % 9)], value: [1]).encoded)]
            _ = execution.execute(makeBlock(height: height, time: height * 3, commands))
            states.append(execution.executed)
        }
        return (execution, states)
    }

    @Test("a later digest certifies every earlier snapshot, also over other snapshots")
    func holds() throws {
        let (execution, states) = Self.history(through: 23)
        for height in [5, 10, 15, 20] as [UInt64] {
            for last in height...23 {
                let proof = try #require(execution.trail.proof(of: Height(height), through: Height(last)))
                #expect(proof.holds(for: states[Int(last)], interval: Self.interval), "\(height) by \(last)")
                #expect(proof.point.executed == states[Int(height)])
                #expect(try StateProof(decoding: proof.encoded) == proof)
                for (other, state) in states.enumerated() where other != Int(last) {
                    #expect(!proof.holds(for: state, interval: Self.interval), "\(height) by \(other)")
                }
            }
        }
        #expect(execution.trail.proof(of: Height(5), through: Height(24)) == nil)
        #expect(execution.trail.proof(of: Height(10), through: Height(9)) == nil)
        #expect(execution.trail.proof(of: Height(7), through: Height(9)) == nil)
    }

    @Test("a proof that is false in any bit is refused")
    func anyBit() throws {
        let (execution, states) = Self.history(through: 23)
        let proof = try #require(execution.trail.proof(of: Height(10), through: Height(21)))
        let bytes = proof.encoded
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let other = try? StateProof(decoding: changed) else { continue }
            #expect(!other.holds(for: states[21], interval: Self.interval), "bit \(bit)")
        }
    }

    @Test("a proof with steps too few, too many or elsewhere, or of another interval, is refused")
    func shape() throws {
        let (execution, states) = Self.history(through: 23)
        let proof = try #require(execution.trail.proof(of: Height(10), through: Height(21)))
        let steps = proof.steps
        func holds(_ point: SnapshotPoint, _ steps: [ExecutionStep], interval: UInt64 = Self.interval) -> Bool {
            StateProof(point: point, steps: steps).holds(for: states[21], interval: interval)
        }
        #expect(holds(proof.point, steps))
        #expect(!holds(proof.point, Array(steps.dropLast())))
        #expect(!holds(proof.point, Array(steps.dropFirst())))
        #expect(!holds(proof.point, steps + [steps[0]]))
        #expect(!holds(proof.point, [steps[1], steps[0]] + steps[2...]))
        for interval in [0, 1, 2, 10, 20, .max] as [UInt64] {
            #expect(!holds(proof.point, steps, interval: interval), "interval \(interval)")
        }
        // D' of a height as if it were a snapshot's, and a snapshot's D as if it were D'.
        let moved = SnapshotPoint(height: Height(11), before: states[10].digest, root: steps[0].results)
        #expect(!holds(moved, Array(steps.dropFirst())))
        let nowhere = SnapshotPoint(height: Height(.max), before: .zero, root: .zero)
        #expect(!StateProof(point: nowhere, steps: []).holds(for: nowhere.executed, interval: 4))
        #expect(!StateProof(point: nowhere, steps: steps).holds(for: states[21], interval: 5))
    }

    @Test("the trail is bounded, and proves what lies no more than so many heights back", arguments: [1, 3, 5_000])
    func bounded(interval: UInt64) throws {
        var execution = Execution(machine: RecordingMachine(), snapshotInterval: interval)
        let limit = UInt64(StateProof.maximumStepCount)
        for height in 1...(3 * limit) { _ = execution.execute(makeBlock(height: height)) }
        let last = Height(3 * limit)
        for back in [0, 1, limit - 1, limit] {
            let height = Height(3 * limit - back)
            let proof = execution.trail.proof(of: height, through: last)
            #expect((proof != nil) == height.rawValue.isMultiple(of: interval), "\(back) back")
            if let proof { #expect(proof.holds(for: execution.executed, interval: interval), "\(back) back") }
        }
        #expect(execution.trail.proof(of: Height(3 * limit - limit - 1), through: last) == nil)
        #expect(execution.trail.proof(of: Height(interval), through: Height(interval)) == nil || interval > limit)
    }

    @Test("a certificate needs a final header of the chain that stands for the snapshot")
    func certificate() throws {
        let (execution, states) = Self.history(through: 23)
        let proof = try #require(execution.trail.proof(of: Height(20), through: Height(22)))
        func header(chain: Digest = .zero, executed: ExecutedState = states[22]) -> BlockHeader {
            BlockHeader(
                chain: chain,
                epoch: .first,
                view: View(30),
                height: Height(25),
                parent: .zero,
                justifyView: View(29),
                proposer: ReplicaID(0),
                payloadDigest: .zero,
                executed: executed,
                time: Timestamp(1)
            )
        }
        func certificate(_ header: BlockHeader, final: Digest?, chain: Digest = .zero) -> SnapshotCertificate {
            let statement = VoteStatement(
                chain: chain,
                epoch: .first,
                view: View(32),
                block: Digest.hash(of: [1]),
                height: Height(27),
                parentView: View(31),
                commits: final
            )
            return SnapshotCertificate(
                proof: proof,
                header: header,
                finality: QuorumCertificate(statement: statement, signatures: .empty)
            )
        }
        let good = certificate(header(), final: header().id)
        #expect(good.fault(chain: .zero, interval: Self.interval) == nil)
        #expect(try SnapshotCertificate(decoding: good.encoded) == good)
        let other = Digest.hash(of: [2])
        #expect(good.fault(chain: other, interval: Self.interval) == .anotherChain)
        #expect(good.fault(chain: .zero, interval: 11) == .proof)
        #expect(certificate(header(), final: nil).fault(chain: .zero, interval: 5) == .notFinal)
        #expect(certificate(header(), final: other).fault(chain: .zero, interval: 5) == .notFinal)
        let foreign = header(chain: other)
        #expect(certificate(foreign, final: foreign.id).fault(chain: .zero, interval: 5) == .anotherChain)
        let late = header(executed: states[21])
        #expect(certificate(late, final: late.id).fault(chain: .zero, interval: 5) == .proof)
    }
}
