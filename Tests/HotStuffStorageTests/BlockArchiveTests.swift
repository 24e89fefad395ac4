import HotStuff
import HotStuffSimulator
import HotStuffStorage
import Testing

@Suite("A block archive")
struct BlockArchiveTests {
    private let chain: ArchiveFixture
    private let disk = SimulatedDisk()

    init() throws {
        chain = try ArchiveFixture.long.get()
    }

    @Test("that is new holds nothing and begins at height 1")
    func empty() throws {
        let archive = try chain.open(disk)
        #expect(archive.height == .genesis)
        #expect(archive.durableHeight == .genesis)
        #expect(archive.firstHeight == Height(1))
        let reader = archive.reader
        #expect(refusal { () throws(ArchiveError) in try reader.block(at: Height(0)) } == .missing(Height(0)))
        #expect(refusal { () throws(ArchiveError) in try reader.block(at: Height(1)) } == .missing(Height(1)))
        #expect(try reader.blocks(above: .genesis, through: Height(.max), maximumCount: 9, maximumBytes: 9).isEmpty)
        #expect(try !reader.holds(chain.block(1).id, at: Height(1)))
    }

    @Test("reads back what was appended, before and after it is durable, and after it was opened again")
    func reads() throws {
        var archive = try chain.open(disk, fileByteCount: 1 << 20)
        try chain.append(1...3, to: &archive)
        try chain.append(4...9, to: &archive)
        #expect(archive.height == Height(9))
        #expect(archive.durableHeight == .genesis)
        for height in 1...9 { #expect(try archive.reader.block(at: Height(UInt64(height))) == chain.block(height)) }
        try archive.sync()
        #expect(archive.durableHeight == Height(9))
        disk.losePowerAndEverythingUnsynced()
        let again = try chain.open(disk)
        #expect(again.height == Height(9))
        #expect(again.durableHeight == Height(9))
        for height in 1...9 {
            #expect(try again.reader.block(at: Height(UInt64(height))) == chain.block(height))
            #expect(try again.reader.id(at: Height(UInt64(height))) == chain.block(height).id)
        }
        #expect(try again.reader.holds(chain.block(4).id, at: Height(4)))
        #expect(try !again.reader.holds(chain.block(4).id, at: Height(5)))
        #expect(try !again.reader.holds(chain.block(4).id, at: Height(50)))
        #expect(refusal { () throws(ArchiveError) in try again.reader.block(at: Height(10)) } == .missing(Height(10)))
    }

    @Test("takes only the next blocks of its chain with a certificate that makes the last one final")
    func refuses() throws {
        var archive = try chain.open(disk)
        try chain.append(1...5, to: &archive)
        let before = disk.files.map(\.bytes)
        func refused(_ blocks: [Block], _ finality: QuorumCertificate) -> ArchiveError? {
            refusal { () throws(ArchiveError) in try archive.append(blocks, finality: finality) }
        }
        #expect(refused([chain.block(7)], chain.finality(7)) == .notNext(expected: Height(6), found: Height(7)))
        #expect(
            refused([chain.block(6), chain.block(8)], chain.finality(8))
                == .notNext(expected: Height(7), found: Height(8))
        )
        #expect(refused([chain.block(6)], chain.finality(5)) == .notFinal(Height(6)))
        #expect(refused([chain.block(6), chain.block(7)], chain.finality(6)) == .notFinal(Height(7)))
        #expect(refused([chain.block(6)], chain.block(3).justify) == .notFinal(Height(6)))
        #expect(refused([other(6, on: chain.block(4))], chain.finality(6)) != nil)
        let stranger = other(6, on: chain.block(5), chain: Digest.hash(of: [3]))
        #expect(refused([stranger], chain.finality(6)) == .foreignBlock(Height(6)))
        let fork = other(6, on: chain.block(3))
        #expect(refused([fork], certificate(committing: fork)) == .wrongParent(Height(6)))
        let branch = other(6, on: chain.block(5))
        #expect(refused([branch, chain.block(7)], chain.finality(7)) == .wrongParent(Height(7)))
        let second = other(4, on: chain.block(3))
        #expect(refused([second], certificate(committing: second)) == .conflict(Height(4)))
        #expect(disk.files.map(\.bytes) == before)
        try chain.append(6...7, to: &archive)
        #expect(try archive.reader.block(at: Height(7)) == chain.block(7))
    }

    @Test("passes over blocks that it has")
    func appendsAgain() throws {
        var archive = try chain.open(disk)
        try chain.append(1...6, to: &archive)
        let before = disk.files.map(\.bytes)
        try chain.append(2...5, to: &archive)
        try chain.append(1...6, to: &archive)
        #expect(disk.files.map(\.bytes) == before)
        try chain.append(4...8, to: &archive)
        #expect(archive.height == Height(8))
        for height in 1...8 { #expect(try archive.reader.block(at: Height(UInt64(height))) == chain.block(height)) }
    }

    @Test("begins above a snapshot, in place of what it held from below")
    func begins() throws {
        var archive = try chain.open(disk)
        try chain.append(1...12, to: &archive)
        let early = refusal { () throws(ArchiveError) in
            try archive.begin(above: Height(12), block: chain.block(12).id)
        }
        #expect(early == .alreadyHolds(Height(12)))
        try archive.begin(above: Height(20), block: chain.block(20).id)
        #expect(archive.height == Height(20))
        #expect(archive.firstHeight == Height(21))
        try archive.begin(above: Height(20), block: chain.block(20).id)
        let branch = other(21, on: chain.block(19))
        let wrong = refusal { () throws(ArchiveError) in
            try archive.append([branch], finality: certificate(committing: branch))
        }
        #expect(wrong == .wrongParent(Height(21)))
        disk.losePowerAndEverythingUnsynced()
        var again = try chain.open(disk)
        #expect(again.height == Height(20))
        #expect(again.firstHeight == Height(21))
        try chain.append(18...22, to: &again)
        try again.sync()
        #expect(try again.reader.block(at: Height(21)) == chain.block(21))
        #expect(try again.reader.block(at: Height(22)) == chain.block(22))
        let below = refusal { () throws(ArchiveError) in try again.reader.block(at: Height(20)) }
        #expect(below == .missing(Height(20)))
        #expect(try disk.names() == ["blocks-00000000000000000021", "index-00000000000000000021"])
    }

    @Test("proves every height final by the first certificate at or above it", arguments: [1, 2, 5, 50])
    func provesFinality(step: Int) throws {
        try chain.fill(disk, step: step)
        let reader = try chain.open(disk).reader
        for height in 1...300 {
            let proof = try #require(try reader.finality(of: Height(UInt64(height))))
            #expect(proof.proves(chain.block(height).id), "height \(height), \(step) at a time")
            #expect(!proof.proves(chain.block(height == 1 ? 2 : 1).id), "height \(height), \(step) at a time")
            // The justification of the block three above commits this one; a stored certificate may come before it.
            let distance = (step - height % step) % step
            let expected = distance < 3 ? distance + 1 : 1
            #expect(proof.path.count == expected, "height \(height), \(step) at a time")
        }
    }

    @Test("proves a height final by a certificate that commits a descendant")
    func provesByDescendant() throws {
        var archive = try chain.open(disk)
        try archive.append([chain.block(1)], finality: chain.finality(3))
        #expect(try archive.reader.finality(of: Height(1)) == nil)
        try archive.append([chain.block(2)], finality: chain.finality(3))
        try archive.append([chain.block(3)], finality: chain.finality(3))
        let found = try archive.reader.finality(of: Height(1))
        let proof = try #require(found)
        #expect(proof == FinalityProof(path: Array(chain.blocks[..<3]), certificate: chain.finality(3)))
        #expect(proof.proves(chain.block(1).id))
    }

    @Test("of another chain, or that is none, or of a later format, is refused")
    func foreign() throws {
        try chain.fill(disk)
        let name = "blocks-00000000000000000001"
        let path = "/simulated/\(name)"
        let wrong = refusal { () throws(ArchiveError) in
            try BlockArchive.open(on: disk, chain: Digest.hash(of: [5])).height
        }
        #expect(wrong == .wrongChain(path: path, found: chain.chain, expected: Digest.hash(of: [5])))
        let junk = SimulatedDisk([(name, Array("something else".utf8))])
        let none = refusal { () throws(ArchiveError) in try chain.open(junk).height }
        #expect(none == .notAnArchive(path: path))
        var later = Array((disk[name] ?? []).prefix(200))
        later[8] = 9
        let future = refusal { () throws(ArchiveError) in try chain.open(SimulatedDisk([(name, later)])).height }
        #expect(future == .unknownFormat(path: path, found: 9, known: 1))
    }

    @Test("of which a file is missing is refused, by the name of the file behind the gap")
    func gap() throws {
        try chain.fill(disk)
        let files = disk.files.filter { $0.name.hasPrefix("blocks") }.map(\.name)
        try disk.remove(files[1])
        let error = refusal { () throws(ArchiveError) in try chain.open(disk).height }
        guard case .gap("/simulated/\(files[2])", _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A block beside the one of a height.
    private func other(_ height: UInt64, on parent: Block, chain digest: Digest? = nil) -> Block {
        let header = BlockHeader(
            chain: digest ?? chain.chain,
            epoch: .first,
            view: View(height + 100),
            height: Height(height),
            parent: parent.id,
            justifyView: parent.view,
            proposer: ReplicaID(1),
            payloadDigest: Payload.empty.digest,
            executed: .genesis,
            time: Timestamp(2)
        )
        return Block(header: header, payload: .empty, justify: chain.block(5).justify)
    }

    private func certificate(committing block: Block) -> QuorumCertificate {
        let statement = VoteStatement(
            chain: chain.chain,
            epoch: .first,
            view: View(500),
            block: Digest.hash(of: [1]),
            height: Height(block.height.rawValue + 2),
            parentView: View(499),
            commits: block.id
        )
        return QuorumCertificate(statement: statement, signatures: .empty)
    }
}
