/// The commands that a chain's replicas have agreed not to execute, because the application would crash on them.
///
/// All replicas of a chain must skip the same ones: what a command leaves behind is part of the execution digest, and a
/// replica whose digest differs from the certified one halts.
public struct SkippedCommands: Hashable, Sendable {
    /// The commands, each once, by session and then by number.
    public let keys: [CommandKey]

    /// No commands.
    public static let none = SkippedCommands([])

    /// Creates the list of some commands, in any order.
    ///
    /// Opening commands are left out: no application executes them.
    public init(_ keys: [CommandKey]) {
        var sorted: [CommandKey] = []
        for key in keys.sorted(by: SkippedCommands.precedes) where key.session != .none && key != sorted.last {
            sorted.append(key)
        }
        self.keys = sorted
    }

    /// Whether a command is skipped; O(log n).
    public func contains(_ key: CommandKey) -> Bool {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if SkippedCommands.precedes(keys[middle], key) { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key
    }

    /// The places of the commands that are not skipped, in order; O(n) where none are.
    func placesOfOthers(_ commands: [Command]) -> [Int] {
        keys.isEmpty ? Array(commands.indices) : commands.indices.filter { !contains(commands[$0].key) }
    }

    /// The commands of both lists.
    public func union(_ other: SkippedCommands) -> SkippedCommands { SkippedCommands(keys + other.keys) }

    private static func precedes(_ left: CommandKey, _ right: CommandKey) -> Bool {
        (left.session, left.sequence) < (right.session, right.sequence)
    }
}
