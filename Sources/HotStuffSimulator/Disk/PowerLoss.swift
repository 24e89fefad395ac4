/// What a loss of power did to the changes that had not been synced.
///
/// A change is a write to a file, a new length of one, or a new state of the directory.
package struct PowerLoss: Hashable, Sendable {
    /// The changes of which nothing is left.
    package var lostChanges = 0
    /// The writes of which some bytes are left and others not.
    package var tornChanges = 0
    /// The changes that are there as a whole.
    package var keptChanges = 0

    /// Creates the report of a loss that met no pending change.
    package init() {}
}
