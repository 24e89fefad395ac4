/// What may still come of a view, as far as a replica knows.
public enum ViewProspect: Hashable, Sendable {
    /// Nothing speaks against it.
    case open
    /// A quorum has voted, and not for one block: whoever is slow decides, if anybody does.
    case doubtful
    /// The connection to its leader has broken, or those on whom it depends are gone.
    case gone
}
