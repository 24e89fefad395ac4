/// Gathers timeouts until a quorum of one view makes a certificate, or more than f show that a view is failing.
///
/// Each replica has one place, for its highest view: an honest replica only goes up, and shows the certificates that take the
/// others up with it. So a flood of timeouts, or of absurd views, takes no memory and moves nobody.
public struct TimeoutCollector: Sendable {
    private let committee: Committee
    private var timeouts: [Verified<Timeout>?]
    /// The views of the timeouts above, in which quorums are sought: far less is read than of the timeouts themselves.
    private var views: [View?]

    /// Creates an empty collector.
    public init(committee: Committee) {
        self.committee = committee
        timeouts = Array(repeating: nil, count: committee.validators.count)
        views = Array(repeating: nil, count: committee.validators.count)
    }

    /// Adds a timeout; one that is not above the sender's last changes nothing.
    ///
    /// - Returns: the certificate that it completed. Complexity: O(n).
    public mutating func add(_ timeout: Verified<Timeout>) -> Verified<TimeoutCertificate>? {
        let sender = timeout.content.sender
        guard timeout.epoch == committee.epoch, sender.index < timeouts.count else { return nil }
        let view = timeout.content.statement.view
        if let known = views[sender.index], known >= view { return nil }
        timeouts[sender.index] = timeout
        views[sender.index] = view
        guard power(givingUp: view) >= committee.validators.quorum else { return nil }
        let equal = timeouts.compactMap { $0 }.filter { $0.content.statement.view == view }
        return Verified<TimeoutCertificate>(timeouts: equal, committee: committee)
    }

    /// The timeout of a replica for the highest view.
    public func last(of replica: ReplicaID) -> Timeout? {
        replica.index < timeouts.count ? timeouts[replica.index]?.content : nil
    }

    /// The number of timeouts kept, at most one of each replica.
    public var count: Int { views.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// Whether some replica's last timeout is for a view.
    ///
    /// Complexity: O(n).
    public func holds(_ view: View) -> Bool { views.contains(view) }

    /// The highest view that replicas with more than f of the power have given up or passed; none if there is none.
    ///
    /// At least one honest replica is among them. Complexity: O(n log n).
    public var failingView: View? {
        let least = mutant("join-anyone") ? VotingPower.zero : committee.validators.moreThanFaulty
        var power: UInt64 = 0
        var ranked: [(view: View, power: UInt64)] = []
        for (index, view) in views.enumerated() {
            if let view { ranked.append((view, committee.validators.validators[index].power.rawValue)) }
        }
        ranked.sort { $0.view > $1.view }
        for timeout in ranked {
            power += timeout.power
            if power >= least.rawValue { return timeout.view }
        }
        return nil
    }

    /// The power of those whose last timeout is for a view.
    private func power(givingUp view: View) -> VotingPower {
        var power: UInt64 = 0
        for (index, held) in views.enumerated() where held == view {
            power += committee.validators.validators[index].power.rawValue
        }
        return VotingPower(power)
    }
}
