/// Why a replica may have forgotten what it signed, and what is known of how much.
public enum Amnesia: Hashable, Sendable {
    /// Nothing was signed above this view: the lease of a replica whose last writes were lost with the power.
    case through(View)
    /// The key was used, and the data of then are gone: the others have to say what they hold of it.
    case unknown
    /// The same, and besides that what was signed since, up to this view.
    case unknownBeside(View)
}

extension Amnesia {
    /// Whether the others have to say how much it is.
    public var isOfUnknownExtent: Bool {
        switch self {
        case .through: false
        case .unknown, .unknownBeside: true
        }
    }

    /// What is forgotten by one who has forgotten both.
    public func joined(with other: Amnesia) -> Amnesia {
        switch (self, other) {
        case (.through(let left), .through(let right)): .through(max(left, right))
        case (.unknownBeside(let left), .unknownBeside(let right)), (.unknownBeside(let left), .through(let right)),
            (.through(let left), .unknownBeside(let right)):
            .unknownBeside(max(left, right))
        case (.unknownBeside(let view), .unknown), (.unknown, .unknownBeside(let view)), (.through(let view), .unknown),
            (.unknown, .through(let view)):
            .unknownBeside(view)
        case (.unknown, .unknown): .unknown
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
        case .unknownBeside(let view):
            forget(.through(view))
            forgottenThrough = .unknown
        case .through(let view):
            // While an extent was unknown, another loss may have come beside it; all that it can have been counts as both.
            let before = forgottenThrough == .unknown ? min(lastVotedView, lastTimedOutView) : forgottenThrough
            lastVotedView = max(lastVotedView, view)
            lastTimedOutView = max(lastTimedOutView, view)
            forgottenThrough = max(before ?? view, view)
        }
    }
}

extension View {
    /// Stands for a view that nobody has named yet.
    public static let unknown = View(UInt64.max)
}
