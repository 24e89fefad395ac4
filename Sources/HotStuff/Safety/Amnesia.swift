/// Why a replica may have forgotten what it signed, and what is known of how much.
public enum Amnesia: Hashable, Sendable {
    /// Nothing was signed above this view: the lease of a replica whose last writes were lost with the power.
    case through(View)
    /// The key was used, and the data of then are gone: the others have to say what they hold of it.
    case unknown
}

extension Amnesia {
    /// What is forgotten by one who has forgotten both.
    public func joined(with other: Amnesia) -> Amnesia {
        switch (self, other) {
        case (.through(let left), .through(let right)): .through(max(left, right))
        case (.unknown, _), (_, .unknown): .unknown
        }
    }
}

extension SafetyRecord {
    /// Takes note that something of what was signed is forgotten (A1).
    ///
    /// Nothing of it can be said again, so all views up to there count as voted in and given up. To forget more than was signed
    /// is always safe; to forget twice adds up.
    public mutating func forget(_ amnesia: Amnesia) {
        switch amnesia {
        case .unknown: forgottenThrough = .unknown
        case .through(let view):
            lastVotedView = max(lastVotedView, view)
            lastTimedOutView = max(lastTimedOutView, view)
            let before = forgottenThrough == .unknown ? nil : forgottenThrough
            forgottenThrough = max(before ?? view, view)
        }
    }
}

extension View {
    /// Stands for a view that nobody has named yet.
    public static let unknown = View(UInt64.max)
}
