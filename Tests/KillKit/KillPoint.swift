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

    /// Draws a place: in most lives among the first calls, so that the start of a replica is met as often as its work.
    init(using random: inout RandomNumbers) {
        // The last column is how many such calls a life has, more or less; of files that are seldom written, few.
        let places: [(call: Call, family: String, count: Int)] = [
            (.write, "journal-", 60), (.write, "blocks-", 20), (.write, "index-", 20), (.write, "snapshot-", 3),
            (.write, "", 100), (.sync, "journal-", 40), (.sync, "blocks-", 4), (.sync, "index-", 4),
            (.sync, "snapshot-", 2), (.sync, "", 50), (.syncDirectory, "", 6), (.rename, "", 4),
            (.rename, "snapshot-", 1), (.rename, "journal-", 2), (.remove, "", 4), (.remove, "journal-", 2),
            (.allocate, "", 2), (.truncate, "", 2),
        ]
        let place = places[Int.random(in: 0..<places.count, using: &random)]
        call = place.call
        family = place.family
        let most = random.happens(50) ? place.count : max(place.count / 10, 2)
        number = Int.random(in: 1...most, using: &random)
        moment = Moment.allCases[Int.random(in: 0..<Moment.allCases.count, using: &random)]
    }

    /// What the process is told in its environment.
    var environment: String { "\(call.rawValue):\(number):\(moment.rawValue):\(family)" }
}
