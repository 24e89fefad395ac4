internal import HotStuff

// Blocks on their way to be final.
extension Workload {
    static let chain = [
        Workload("Block: insert above three others", repetitions: 400) { count in
            let members = try SampleCommittee()
            let blocks = try SampleChain(of: 4, commands: 0, by: members).links.map(\.block)
            var trees = (0..<count).map { _ in
                var tree = BlockTree(root: members.committee.genesis, rule: members.parameters.commitRule)
                for block in blocks.dropLast() { tree.insert(block, isJournaled: false, protecting: []) }
                return tree
            }
            let last = blocks[blocks.count - 1]
            return { index in
                let isNew = trees[index].insert(last, isJournaled: false, protecting: [last.header.parent])
                try WorkloadFault.unless(isNew, "the block is in the tree before it is inserted")
            }
        },
        // All that the core does for a view of which everything goes well, at a replica that does not lead it.
        Workload("Block of 400 commands: commit in the core", repetitions: 16) { count in
            var stage = try CoreStage(views: count)
            return { index in try stage.play(index) }
        },
    ]
}
