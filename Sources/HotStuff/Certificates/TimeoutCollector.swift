/// Gathers timeouts until a quorum of one view makes a certificate, or more than f show that a view is failing.
///
/// Each replica has one place, for its highest view: an honest replica only goes up, and shows the certificates that take the
/// others up with it. So a flood of timeouts, or of absurd views, takes no memory and moves nobody.
public struct TimeoutCollector: Sendable {
    private let committee: Committee
    private var timeouts: [Verified<Timeout>?]

    /// Creates an empty collector.
    public init(committee: Committee) {
        self.committee = committee
        timeouts = Array(repeating: nil, count: committee.validators.count)
    }

    /// Adds a timeout; one that is not above the sender's last changes nothing.
    ///
    /// - Returns: the certificate that it completed. Complexity: O(n).
    public mutating func add(_ timeout: Verified<Timeout>) -> Verified<TimeoutCertificate>? {
        let sender = timeout.content.sender
        guard timeout.epoch == committee.epoch, sender.index < timeouts.count else { return nil }
        let view = timeout.content.statement.view
        if let known = timeouts[sender.index], known.content.statement.view >= view { return nil }
        timeouts[sender.index] = timeout
        let equal = timeouts.compactMap { $0 }.filter { $0.content.statement.view == view }
        return Verified<TimeoutCertificate>(timeouts: equal, committee: committee)
    }

    /// The number of timeouts kept, at most one of each replica.
    public var count: Int { timeouts.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// Whether some replica's last timeout is for a view.
    ///
    /// Complexity: O(n).
    public func holds(_ view: View) -> Bool { timeouts.contains { $0?.content.statement.view == view } }

    /// The highest view that replicas with more than f of the power have given up or passed; none if there is none.
    ///
    /// At least one honest replica is among them. Complexity: O(n log n).
    public var failingView: View? {
        var power: UInt64 = 0
        for timeout in timeouts.compactMap({ $0?.content }).sorted(by: { $0.statement.view > $1.statement.view }) {
            power += committee.validators.power(of: timeout.sender).rawValue
            if power >= committee.validators.moreThanFaulty.rawValue || mutant("join-anyone") {
                return timeout.statement.view
            }
        }
        return nil
    }
}
