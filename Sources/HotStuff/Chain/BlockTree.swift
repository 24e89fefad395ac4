/// The blocks that are not final yet, above the last one that is.
///
/// Every block in it descends from the root. Its size is bounded: when it is full, the oldest blocks that nothing rests on
/// make room.
public struct BlockTree: Sendable {
    private struct Node: Sendable {
        let block: Block
        /// The height that is final by the certificates up to this block's own.
        let finalHeight: Height
        var isJournaled: Bool
    }

    /// The last final block.
    public private(set) var root: Block
    /// What the chain tells of its leaders up to the root, if whoever commits keeps it.
    public var rootHistory: LeaderHistory?
    private var rootFinalHeight: Height
    private var nodes: [Digest: Node] = [:]
    /// The names of all blocks but the root; parents come before their children.
    private var order: [Digest] = []
    private let capacity: Int
    private let rule: CommitRule?

    /// How many blocks a replica keeps above the last final one.
    public static let defaultCapacity = 512

    /// Creates a tree with nothing but its root.
    ///
    /// - Parameters:
    ///   - root: the last final block.
    ///   - rule: which blocks become final; nil where nobody asks for final heights.
    ///   - capacity: how many blocks are kept before those that nothing rests on make room.
    public init(root: Block, rule: CommitRule? = nil, capacity: Int = BlockTree.defaultCapacity) {
        self.root = root
        self.rule = rule
        self.capacity = capacity
        rootFinalHeight = root.header.executed.height
        rootFinalHeight = finalHeight(with: root.justify)
    }

    /// The number of blocks above the root.
    public var count: Int { order.count }

    /// The number of commands in the blocks above the root.
    ///
    /// Complexity: O(their number).
    public var commandCount: Int { order.reduce(0) { $0 + (nodes[$1]?.block.payload.commands.count ?? 0) } }

    /// The blocks above the root, parents before children.
    ///
    /// Complexity: O(their number).
    public var blocks: [Block] { order.compactMap { nodes[$0]?.block } }

    /// Whether a block is the root or above it.
    public func contains(_ id: Digest) -> Bool { id == root.id || nodes[id] != nil }

    /// The block of a name, if it is the root or above it.
    ///
    /// Complexity: O(1).
    public func block(_ id: Digest) -> Block? { id == root.id ? root : nodes[id]?.block }

    /// The chain from the root to a block, both included.
    ///
    /// Complexity: O(its length).
    public func ancestry(of id: Digest) -> Ancestry? {
        var pending: [Block] = []
        var next = id
        while next != root.id {
            guard let node = nodes[next] else { return nil }
            pending.append(node.block)
            next = node.block.header.parent
        }
        return Ancestry(final: root, pending: pending.reversed(), finalHistory: rootHistory)
    }

    /// Whether a block between the root and a block, itself included, holds commands.
    ///
    /// Complexity: O(the length of that chain).
    public func hasCommands(upTo id: Digest) -> Bool {
        var next = id
        while next != root.id, let node = nodes[next] {
            if !node.block.payload.isEmpty { return true }
            next = node.block.header.parent
        }
        return false
    }

    /// The height that is final by all certificates on the chain up to a block's own justification.
    ///
    /// It depends on headers and certificates alone, so that all who judge a block agree on it.
    public func finalHeight(below block: Block) -> Height { finalHeight(with: block.justify) }

    /// The height that is final by all certificates on the chain up to one of them, which may justify the next block.
    public func finalHeight(with certificate: QuorumCertificate) -> Height {
        let inherited = certificate.block == root.id ? rootFinalHeight : nodes[certificate.block]?.finalHeight
        return max(inherited ?? rootFinalHeight, finalisedHeight(by: certificate.statement) ?? .genesis)
    }

    /// The height of the block that a certificate makes final.
    ///
    /// After a start it may be below the root, and so not be here: then the rule tells how far below the certified one it is, or a little
    /// more if an epoch ends.
    private func finalisedHeight(by statement: VoteStatement) -> Height? {
        guard let finalised = statement.commits else { return nil }
        if let block = block(finalised) { return block.height }
        guard let rule, statement.height.rawValue >= rule.depth else { return nil }
        return min(root.height, Height(statement.height.rawValue - rule.depth))
    }

    /// Adds a block whose parent is here.
    ///
    /// - Parameters:
    ///   - block: the block.
    ///   - isJournaled: whether the journal has it.
    ///   - protected: blocks that must stay, with their ancestors, when others make room.
    /// - Returns: whether the block is new and has been added.
    @discardableResult
    public mutating func insert(_ block: Block, isJournaled: Bool, protecting protected: [Digest]) -> Bool {
        guard !contains(block.id), let parent = self.block(block.header.parent),
            block.height.follows(parent.height) || mutant("skip-height-check")
        else { return false }
        if order.count >= capacity { makeRoom(protecting: protected + [block.header.parent]) }
        nodes[block.id] = Node(block: block, finalHeight: finalHeight(below: block), isJournaled: isJournaled)
        order.append(block.id)
        return true
    }

    /// Whether a block is in the journal.
    ///
    /// The root always is.
    public func isJournaled(_ id: Digest) -> Bool { id == root.id || nodes[id]?.isJournaled == true }

    /// The blocks on the way to a block that are not in the journal yet, parents before children, itself included.
    ///
    /// What a journaled block rests on is in the journal too. Complexity: O(their number).
    public func unjournaled(upTo id: Digest) -> [Block] {
        var missing: [Block] = []
        var next = id
        while next != root.id, let node = nodes[next], !node.isJournaled {
            missing.append(node.block)
            next = node.block.header.parent
        }
        return missing.reversed()
    }

    /// Takes note that a block is in the journal.
    public mutating func markJournaled(_ id: Digest) { nodes[id]?.isJournaled = true }

    /// Makes a block the root, drops everything that does not descend from it, and returns the path that became final.
    public mutating func commit(to id: Digest) -> [Block] {
        guard id != root.id, let path = ancestry(of: id)?.pending, let node = nodes[id] else { return [] }
        root = node.block
        rootFinalHeight = node.finalHeight
        var kept: Set<Digest> = [id]
        keep { name, node in
            guard name != id, kept.contains(node.block.header.parent) else { return false }
            kept.insert(name)
            return true
        }
        return path
    }

    /// Makes a final block the root that descends from it over blocks that need not be here; what does not descend from it goes.
    public mutating func advance(to block: Block) {
        guard block.id != root.id else { return }
        if contains(block.id) {
            _ = commit(to: block.id)
        } else {
            // What is here descends from the old root, so nothing descends from a block that is not here.
            root = block
            nodes = [:]
            order = []
            rootFinalHeight = block.header.executed.height
            rootFinalHeight = finalHeight(with: block.justify)
        }
    }

    /// Drops the older half of the blocks that neither are protected nor have a protected descendant.
    private mutating func makeRoom(protecting protected: [Digest]) {
        var needed: Set<Digest> = []
        for id in protected {
            for block in ancestry(of: id)?.pending ?? [] { needed.insert(block.id) }
        }
        let idle = order.filter { !needed.contains($0) }
        let dropped = Set(idle.prefix((idle.count + 1) / 2))
        var gone: Set<Digest> = []
        keep { name, node in
            guard !dropped.contains(name), !gone.contains(node.block.header.parent) else {
                gone.insert(name)
                return false
            }
            return true
        }
    }

    /// Keeps the blocks for which a test holds, asked from parents to children.
    private mutating func keep(where test: (Digest, Node) -> Bool) {
        var kept: [Digest] = []
        for name in order {
            if let node = nodes[name], test(name, node) {
                kept.append(name)
            } else {
                nodes[name] = nil
            }
        }
        order = kept
    }
}
