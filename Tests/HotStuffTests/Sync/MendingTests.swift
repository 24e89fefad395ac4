import HotStuff
import Testing

/// What a replica asks before it can start, while blocks of its archive are damaged.
@Suite("Mending before a start")
struct MendingTests {
    private static let interval: UInt64 = 1_000
    private let fixture = FinalChain(length: 12)

    /// A replica whose blocks are damaged, and what it wished for.
    private struct Patient {
        var mending: Mending
        var time: UInt64 = 0

        init(_ damaged: UInt64...) {
            mending = Mending(
                replica: ReplicaID(1),
                replicaCount: 4,
                intervalMicroseconds: MendingTests.interval,
                damaged: damaged.map { Height($0) }
            )
        }

        /// What follows from something, but for the moments of waking, as text.
        mutating func hear(_ event: Event) -> [String] {
            var effects: [Effect] = []
            mending.handle(event, into: &effects)
            return effects.compactMap { effect in
                switch effect {
                case .say(.rangeRequest(let request), .replica(let peer)):
                    "\(peer): blocks \(request.above)...\(request.through)"
                case .say(.snapshotRequest(.offer(let height)), .replica(let peer)): "\(peer): offer above \(height)"
                case .repair(let block, _): "repair \(block.height)"
                case .serveRange(let request, let peer): "serve \(peer) \(request.above)...\(request.through)"
                case .wake: nil
                default: "\(effect)"
                }
            }
        }

        /// So many microseconds pass.
        mutating func wait(_ microseconds: UInt64) -> [String] {
            time += microseconds
            return hear(.clock(now: Instant(time), wall: Timestamp(1)))
        }
    }

    private func range(_ heights: ClosedRange<Int>, of peer: UInt16) throws -> Event {
        .received(.blockRange(try fixture.verified(heights)), from: ReplicaID(peer))
    }

    private func nothing(above height: UInt64, of peer: UInt16) throws -> Event {
        .received(.blockRange(try fixture.verified(BlockRange(nothingAbove: Height(height)))), from: ReplicaID(peer))
    }

    @Test("the blocks are asked for from the highest on, of whoever is there, and repaired one by one")
    func order() throws {
        var patient = Patient(3, 7)
        #expect(patient.wait(0) == [])
        #expect(patient.hear(.connected(ReplicaID(2))) == ["2: blocks 6...7"])
        #expect(patient.hear(.connected(ReplicaID(3))) == [])
        #expect(try patient.hear(range(7...7, of: 3)) == [], "nobody asked that one")
        #expect(try patient.hear(range(7...7, of: 2)) == ["repair 7", "2: blocks 2...3"])
        #expect(patient.wait(Self.interval) == ["3: blocks 2...3"], "the first one was silent")
        #expect(try patient.hear(range(3...5, of: 3)) == ["repair 3"])
        #expect(patient.wait(Self.interval) == [])
    }

    @Test("who gave another block is not believed, and the next is asked at once")
    func liar() throws {
        var patient = Patient(3)
        _ = patient.hear(.connected(ReplicaID(2)))
        _ = patient.hear(.connected(ReplicaID(0)))
        let lie = BlockRange(
            above: Height(2),
            blocks: [Block(bare: fixture.blocks[2].header, payload: Payload([World.command(99)]))],
            certificate: fixture.chain.certificate(fixture.blocks[4])
        )
        #expect(patient.mending.heeds(.blockRange(lie), from: ReplicaID(2)))
        #expect(!patient.mending.heeds(.blockRange(lie), from: ReplicaID(0)))
        #expect(throws: VerificationFailure.self) { try fixture.verified(lie) }
        #expect(patient.hear(.refused(ReplicaID(2))) == ["0: blocks 2...3"])
        // Another block of the same chain is proved, but not the one that was asked for.
        #expect(try patient.hear(range(4...4, of: 0)) == [])
        #expect(try patient.hear(range(3...3, of: 0)) == ["repair 3"])
    }

    @Test("as long as nobody is there or has it, all are asked again and again, ever more rarely")
    func waits() throws {
        var patient = Patient(3)
        var asked: [UInt64] = []
        _ = patient.hear(.connected(ReplicaID(2)))
        _ = patient.hear(.connected(ReplicaID(0)))
        for _ in 0..<500 where !patient.wait(Self.interval).filter({ $0.hasPrefix("2: blocks") }).isEmpty {
            asked.append(patient.time)
        }
        #expect(asked.count > 5 && asked.count < 20, "\(asked)")
        // Whoever comes may have it.
        #expect(patient.hear(.disconnected(ReplicaID(2))) == [])
        _ = patient.wait(64 * Self.interval)
        _ = patient.wait(Self.interval)
        #expect(patient.hear(.connected(ReplicaID(3))).contains { $0 == "3: blocks 2...3" || $0 == "0: blocks 2...3" })
    }

    @Test("a block that was given and did not repair it is asked for again, after a while")
    func misfit() throws {
        var patient = Patient(3)
        #expect(patient.hear(.connected(ReplicaID(2))) == ["2: blocks 2...3"])
        #expect(try patient.hear(range(3...3, of: 2)) == ["repair 3"])
        #expect(patient.hear(.damaged(Height(3))) == [])
        #expect(patient.wait(10 * Self.interval) == ["2: blocks 2...3"])
    }

    @Test("where all who are asked say twice that they have it no more, a snapshot is sought that makes it needless")
    func gone() throws {
        var patient = Patient(3, 5)
        #expect(patient.hear(.connected(ReplicaID(2))) == ["2: blocks 4...5"])
        var offers: [String] = []
        for _ in 0..<20 where offers.isEmpty {
            let wishes = try patient.hear(nothing(above: 4, of: 2)) + patient.hear(nothing(above: 2, of: 2))
            offers = (wishes + patient.wait(5 * Self.interval)).filter { $0.contains("offer") }
        }
        #expect(offers == ["2: offer above 4"])
    }

    @Test("it gives blocks to those who ask, heeds nothing of consensus, and is silent about all else")
    func serves() {
        var patient = Patient(3)
        let request = RangeRequest(above: Height(7), through: Height(8))
        #expect(patient.mending.heeds(.rangeRequest(request), from: ReplicaID(3)))
        #expect(patient.hear(.received(.rangeRequest(request), from: ReplicaID(3))) == ["serve 3 7...8"])
        #expect(!patient.mending.heeds(.plea(View(9)), from: ReplicaID(3)))
        #expect(!patient.mending.heeds(.commands([World.command(1)]), from: ReplicaID(3)))
        #expect(patient.hear(.submitted([World.command(1)])) == [])
    }
}
