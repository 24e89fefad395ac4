/// A segment of the journal that is to begin.
struct SegmentWish: Sendable {
    /// How many bytes its beginning may have.
    let room: Int
    /// The last final height at which its beginning would have been longer.
    var waitsAt: Height?
}
