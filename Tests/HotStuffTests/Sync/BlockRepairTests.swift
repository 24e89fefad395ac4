import HotStuff
import Testing

/// Final blocks that can no longer be read, and from whom they come again.
@Suite("Repair of blocks")
struct BlockRepairTests {
    private static let interval: UInt64 = 1_000
    private let fixture = FinalChain(length: 12)
    private var blocks: [Block] { fixture.blocks }

    private func repair(_ damaged: UInt64...) -> BlockRepair {
        var repair = BlockRepair(replica: ReplicaID(1), replicaCount: 4, intervalMicroseconds: Self.interval)
        for height in damaged { repair.found(damaged: Height(height)) }
        return repair
    }

    private func next(_ repair: inout BlockRepair, at time: UInt64, without absent: UInt16? = nil) -> String? {
        repair.errand(now: Instant(time)) { $0.rawValue != absent }.map {
            "\($0.peer): \($0.request.above)...\($0.request.through)"
        }
    }

    @Test("the highest damaged block is asked for first, of one peer at a time, the others in turn")
    func order() throws {
        var repair = repair(3, 7, 7, 5)
        #expect(repair.count == 3)
        #expect(next(&repair, at: 0) == "2: 6...7")
        #expect(next(&repair, at: 1) == nil, "an answer is awaited")
        #expect(repair.deadline == Instant(Self.interval))
        #expect(next(&repair, at: 1_000) == "3: 6...7", "the first one was silent")
        #expect(repair.receive(try fixture.verified(BlockRange(nothingAbove: Height(6))), from: ReplicaID(3)) == nil)
        #expect(next(&repair, at: 1_001) == "0: 6...7", "the second one has nothing")
        let (block, certificate) = try #require(repair.receive(try fixture.verified(7...7), from: ReplicaID(0)))
        #expect(block.id == blocks[6].id)
        #expect(certificate?.statement.commits == block.id)
        #expect(next(&repair, at: 1_002) == "2: 4...5")
    }

    @Test("a certificate that commits a later block proves the block, but is not stored with it")
    func laterProof() throws {
        var repair = repair(4)
        _ = next(&repair, at: 0)
        let (block, certificate) = try #require(repair.receive(try fixture.verified(4...9), from: ReplicaID(2)))
        #expect(block.id == blocks[3].id)
        #expect(certificate == nil)
        #expect(repair.count == 0 && repair.deadline == nil)
    }

    @Test("what nobody has is given up, until somebody wants to read it again")
    func givesUp() {
        var repair = repair(2)
        for (time, peer) in [(0, 2), (1_000, 3), (2_000, 0)] {
            #expect(next(&repair, at: UInt64(time)) == "\(peer): 1...2")
        }
        #expect(next(&repair, at: 3_000) == nil)
        #expect(repair.count == 0)
        repair.found(damaged: Height(2))
        #expect(next(&repair, at: 3_001, without: 2) == "3: 1...2", "who is not connected is not asked")
    }

    @Test("a higher block that is found while another is asked for is asked of everybody, and then so is the other")
    func foundMeanwhile() {
        var repair = repair(2)
        #expect(next(&repair, at: 0) == "2: 1...2")
        #expect(next(&repair, at: 1_000) == "3: 1...2")
        repair.found(damaged: Height(7))
        for (time, peer) in [(2_000, 2), (3_000, 3), (4_000, 0)] {
            #expect(next(&repair, at: UInt64(time)) == "\(peer): 6...7")
        }
        for (time, peer) in [(5_000, 2), (6_000, 3), (7_000, 0)] {
            #expect(next(&repair, at: UInt64(time)) == "\(peer): 1...2")
        }
        #expect(next(&repair, at: 8_000) == nil)
    }

    @Test("a liar is followed by the next at once; what was not asked for is not taken")
    func liar() throws {
        var repair = repair(2)
        _ = next(&repair, at: 0)
        repair.mistrust(ReplicaID(3))
        #expect(next(&repair, at: 1) == nil, "another than the one that was asked")
        #expect(repair.receive(try fixture.verified(2...2), from: ReplicaID(3)) == nil)
        #expect(repair.receive(try fixture.verified(3...3), from: ReplicaID(2)) == nil)
        repair.mistrust(ReplicaID(2))
        #expect(next(&repair, at: 2) == "3: 1...2")
        #expect((0..<4).filter { repair.expects(fixture.range(2...2), from: ReplicaID($0)) } == [3])
    }

    @Test("no more than so many are remembered, and never the genesis")
    func bound() {
        var repair = repair(0)
        #expect(repair.count == 0)
        for height in 1...1_000 { repair.found(damaged: Height(UInt64(height))) }
        #expect(repair.count == BlockRepair.capacity)
    }

    @Test("a lone replica has nobody to ask")
    func alone() {
        var repair = BlockRepair(replica: ReplicaID(0), replicaCount: 1, intervalMicroseconds: 1)
        repair.found(damaged: Height(1))
        #expect(next(&repair, at: 0) == nil)
        #expect(repair.count == 0)
    }

    @Test("the core asks for a damaged block, refuses a lie, and wishes the archive to be repaired with the truth")
    func core() throws {
        let oracle = Oracle()
        let replica = TestReplica(world: fixture.world, id: 0, settings: ConsensusSettings(), oracle: oracle)
        _ = replica.start(now: Instant(0), wall: Timestamp(1_000))
        var asked: [ReplicaID] = []
        var repaired: [Block] = []
        func look(_ effects: [Effect]) {
            for effect in effects {
                switch effect {
                case .say(.rangeRequest(let request), .replica(let peer)):
                    #expect(request == RangeRequest(above: Height(2), through: Height(3)))
                    asked.append(peer)
                case .repair(let block, _): repaired.append(block)
                default: break
                }
            }
        }
        look(replica.handle(.damaged(Height(3))))
        #expect(asked == [ReplicaID(1)])
        let other = BlockRange(
            above: Height(2),
            blocks: [Block(bare: blocks[2].header, payload: Payload([World.command(99)]))],
            certificate: fixture.chain.certificate(blocks[4])
        )
        #expect(replica.core.awaits(other, from: ReplicaID(1)))
        look(replica.receive(Frame.encode(Message.blockRange(other)), from: ReplicaID(1)))
        #expect(replica.rejected.count == 1 && repaired.isEmpty)
        look(replica.handle(.refused(ReplicaID(1))))
        #expect(asked == [ReplicaID(1), ReplicaID(2)])
        look(replica.receive(Frame.encode(Message.blockRange(fixture.range(3...3))), from: ReplicaID(2)))
        #expect(repaired.map(\.id) == [blocks[2].id])
        #expect(oracle.violations == [])
    }
}
