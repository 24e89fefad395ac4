/// The sessions that were opened last, so that a client whose answer was lost is told again.
struct RecentOpenings: Sendable {
    private static let capacity = 4_096
    private var results: [CommandKey: CommandResult] = [:]
    private var order: [CommandKey] = []
    private var oldest = 0

    subscript(key: CommandKey) -> CommandResult? { results[key] }

    /// Remembers the openings among some results; the first of a key stays.
    mutating func insert(_ new: some Sequence<CommandResult>) {
        for result in new where result.key.session == .none && results[result.key] == nil {
            results[result.key] = result
            if order.count < RecentOpenings.capacity {
                order.append(result.key)
            } else {
                results[order[oldest]] = nil
                order[oldest] = result.key
                oldest = (oldest + 1) % RecentOpenings.capacity
            }
        }
    }
}
