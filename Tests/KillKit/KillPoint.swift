/// A place in the life of a process at which it is killed: inside one call of the system that changes a disk.
///
/// `killpoint.c`, loaded into the process before the C library, counts the calls and carries it out.
package struct KillPoint: Sendable {
    /// A kind of call.
    package enum Call: String, CaseIterable, Sendable {
        /// Writing to a file.
        case write
        /// Making the content of a file durable.
        case sync
        /// Making the names of a directory durable.
        case syncDirectory
        /// Renaming.
        case rename
        /// Removing.
        case remove
        /// Taking space.
        case allocate
        /// Changing the length of a file.
        case truncate
    }

    /// On which side of the call the process ends.
    package enum Moment: String, CaseIterable, Sendable {
        /// Nothing of the call happens.
        case before
        /// A write has written some of its bytes; of other calls nothing happens.
        case within
        /// The call is over, but nobody hears of it.
        case after
    }

    /// The kind of call.
    let call: Call
    /// Which call of that kind it is, from 1 on.
    let number: Int
    /// On which side of it.
    let moment: Moment
    /// How the names of the files begin whose calls count; empty for all.
    let family: String

    /// A place at one call.
    package init(_ call: Call, number: Int, _ moment: Moment, of family: String = "") {
        self.call = call
        self.number = number
        self.moment = moment
        self.family = family
    }

    /// Draws a place: soon, so that also the start of a replica is met, or later.
    init(using random: inout RandomNumbers) {
        // Of the files that are seldom written every call is worth as much as one of the journal.
        let places: [(Call, String, Int)] = [
            (.write, "journal-", 400), (.write, "blocks-", 60), (.write, "index-", 60), (.write, "snapshot-", 12),
            (.write, "", 400), (.sync, "journal-", 200), (.sync, "blocks-", 8), (.sync, "index-", 8),
            (.sync, "snapshot-", 4), (.sync, "", 200), (.syncDirectory, "", 6), (.rename, "", 4),
            (.rename, "snapshot-", 2), (.rename, "journal-", 2), (.remove, "", 6), (.remove, "journal-", 2),
            (.allocate, "", 2), (.truncate, "", 2),
        ]
        let place = places[Int.random(in: 0..<places.count, using: &random)]
        call = place.0
        family = place.1
        number = Int.random(in: 1...place.2, using: &random)
        moment = Moment.allCases[Int.random(in: 0..<Moment.allCases.count, using: &random)]
    }

    /// What the process is told in its environment.
    var environment: String { "\(call.rawValue):\(number):\(moment.rawValue):\(family)" }
}
