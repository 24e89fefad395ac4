/// What a network does to messages; all times are in microseconds.
struct NetworkConditions: Hashable, Sendable {
    /// The least time that a message takes.
    var delay: UInt64 = 500
    /// How much longer it may take.
    var jitter: UInt64 = 500
    /// Whether a message never overtakes one that was sent before it on the same link.
    var isOrdered = true
    /// How many messages of a thousand are lost.
    var lossPerMille = 0
    /// How many messages of a thousand come twice.
    var duplicatePerMille = 0
    /// The bytes that a replica can send in a second; nothing is said by zero.
    var bytesPerSecond: UInt64 = 0

    /// A network that works.
    static let calm = NetworkConditions()
}

/// The links between all replicas, each direction for itself.
struct Network {
    private let count: Int
    /// How often all links were mended: what was cut before is no matter of what is cut now.
    private(set) var era = 0
    /// How the links are.
    var conditions: NetworkConditions
    /// The links that let nothing through; how many reasons there are for each.
    private var cuts: [Int]
    /// When the last message on each link arrives.
    private var lastArrival: [UInt64]
    /// When each replica has sent what it sent before.
    private var sentUntil: [UInt64]

    init(count: Int, conditions: NetworkConditions) {
        self.count = count
        self.conditions = conditions
        cuts = Array(repeating: 0, count: count * count)
        lastArrival = Array(repeating: 0, count: count * count)
        sentUntil = Array(repeating: 0, count: count)
    }

    /// Whether a link lets nothing through.
    func isCut(_ sender: Int, _ receiver: Int) -> Bool { cuts[sender * count + receiver] > 0 }

    /// Whether a link is cut in either direction, so that no connection lasts.
    func isBroken(_ left: Int, _ right: Int) -> Bool { isCut(left, right) || isCut(right, left) }

    mutating func cut(_ sender: Int, _ receiver: Int) { cuts[sender * count + receiver] += 1 }

    mutating func mend(_ sender: Int, _ receiver: Int) {
        let link = sender * count + receiver
        if cuts[link] > 0 { cuts[link] -= 1 }
    }

    mutating func mendAll() {
        era += 1
        for link in cuts.indices { cuts[link] = 0 }
    }

    /// When the copies of a message arrive; never, if it is lost.
    mutating func arrivals(
        of byteCount: Int,
        from sender: Int,
        to receiver: Int,
        at now: UInt64,
        random: inout RandomSource
    ) -> (first: UInt64?, second: UInt64?, overtakes: Bool) {
        guard !isCut(sender, receiver) else { return (nil, nil, false) }
        var start = now
        if conditions.bytesPerSecond > 0 {
            start = max(now, sentUntil[sender])
            sentUntil[sender] = start + UInt64(byteCount) * 1_000_000 / conditions.bytesPerSecond
        }
        if conditions.lossPerMille > 0, random.chance(perMille: conditions.lossPerMille) { return (nil, nil, false) }
        let link = sender * count + receiver
        var arrival = start + conditions.delay + random.number(below: conditions.jitter + 1)
        let overtakes = arrival < lastArrival[link]
        if conditions.isOrdered { arrival = max(arrival, lastArrival[link]) }
        lastArrival[link] = max(lastArrival[link], arrival)
        guard conditions.duplicatePerMille > 0, random.chance(perMille: conditions.duplicatePerMille) else {
            return (arrival, nil, overtakes && !conditions.isOrdered)
        }
        let second = arrival + random.number(below: 2 * (conditions.delay + conditions.jitter) + 1)
        return (arrival, second, overtakes && !conditions.isOrdered)
    }
}
