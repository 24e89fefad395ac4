internal import HotStuff

/// The way down from a certified block, as far as journals have recorded it.
struct RescuePath {
    /// What the quorum says that certified the last block.
    let tip: VoteStatement
    /// The recorded blocks up to it, from the lowest on.
    let blocks: [Digest]
    /// The block below the lowest, which must be in an archive or that of a state; the last block itself if it is not recorded.
    let foot: (height: Height, block: Digest)

    /// Follows the recorded blocks down.
    init(below tip: VoteStatement, recorded: (Digest) -> (parent: Digest, height: Height)?) {
        self.tip = tip
        var blocks: [Digest] = []
        var foot = (height: tip.height, block: tip.block)
        // Names are hashes of headers, which name their parents: there is no way in a circle.
        while let found = recorded(foot.block), found.height == foot.height, found.height > .genesis {
            blocks.append(foot.block)
            foot = (Height(found.height.rawValue - 1), found.parent)
        }
        self.blocks = blocks.reversed()
        self.foot = foot
    }

    /// The name of the block of a height, if it is on the recorded part of the way or below it.
    func name(at height: Height) -> Digest? {
        guard height > foot.height else { return height == foot.height ? foot.block : nil }
        let index = height.rawValue - foot.height.rawValue - 1
        return index < UInt64(blocks.count) ? blocks[Int(index)] : nil
    }
}
