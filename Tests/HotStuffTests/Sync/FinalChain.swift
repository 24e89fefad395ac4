import HotStuff

/// A chain of blocks of consecutive views, one command in each, of which all but the last two are final.
struct FinalChain {
    let world = World(4)
    let chain: TestChain
    /// The blocks from height 1 on.
    let blocks: [Block]

    init(length: UInt64) {
        chain = TestChain(world)
        var blocks: [Block] = []
        for view in 1...length {
            blocks.append(chain.extend(blocks.last ?? chain.genesis, view: view, [World.command(view)]))
        }
        self.blocks = blocks
    }

    /// The blocks of some heights, with the certificate that commits the last of them.
    func range(_ heights: ClosedRange<Int>) -> BlockRange {
        chain.range(
            above: UInt64(heights.lowerBound - 1),
            to: blocks[heights.upperBound - 1],
            by: chain.certificate(blocks[heights.upperBound + 1])
        )
    }

    /// The same, verified.
    func verified(_ heights: ClosedRange<Int>) throws -> Verified<BlockRange> { try verified(range(heights)) }

    /// A range that a replica gave, verified.
    func verified(_ range: BlockRange) throws -> Verified<BlockRange> {
        var verifier = world.verifier()
        guard case .blockRange(let verified) = try verifier.verify(.blockRange(range), from: ReplicaID(2)) else {
            throw VerificationFailure.brokenLink
        }
        return verified
    }
}
