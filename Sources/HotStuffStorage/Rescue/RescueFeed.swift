internal import HotStuff

/// The blocks of several archives by height, each from the first one that has it whole and on the right parent.
struct RescueFeed<Storage: Disk> {
    private struct Archive {
        let listing: ArchiveListing
        let disk: Storage
        var walk: ArchiveWalk<Storage>?
        var next = Height.genesis
    }

    private var archives: [Archive]
    /// The archive that had the last block.
    private var current = 0

    init(_ sources: [RescueSource<Storage>]) {
        archives = sources.map { Archive(listing: $0.archive, disk: $0.disk) }
    }

    /// The block of a height on a parent; nil if no archive has it.
    mutating func block(at height: Height, on parent: Digest) -> Block? {
        for index in [current] + archives.indices.filter({ $0 != current }) where archives.indices.contains(index) {
            guard let block = block(at: height, in: index), block.header.parent == parent else { continue }
            current = index
            return block
        }
        return nil
    }

    private mutating func block(at height: Height, in index: Int) -> Block? {
        if archives[index].walk == nil || archives[index].next != height {
            archives[index].walk = ArchiveWalk(archives[index].listing, from: height, on: archives[index].disk)
        }
        archives[index].next = height.next ?? height
        // What cannot be read is sought in the others.
        while let step = try? archives[index].walk?.step() {
            switch step {
            case .file, .misplaced: break
            case .block(let block, _):
                if block.height == height { return block }
                if block.height > height {
                    archives[index].walk = nil
                    return nil
                }
            case .damaged(let damaged, _): if damaged >= height { return nil }
            }
        }
        archives[index].walk = nil
        return nil
    }
}
