import HotStuff
import HotStuffStorage

/// Everything that replicas have signed, by their own journals and by what others hold of it.
///
/// A statement leaves a replica only after its journal has it, so journals that are read after every death hold whatever was sent.
/// Two different statements of one kind, by one replica, in one view, are what must never be; and a signature in a certificate must
/// be one of which its signer's journal knows, unless a part of that was missed.
struct StatementLedger {
    /// What one replica said, by views.
    private struct Book {
        var votes: [View: VoteStatement] = [:]
        var timeouts: [View: TimeoutStatement] = [:]
        var proposals: [View: ProposalStatement] = [:]
        /// What its journal ended with.
        var last: SafetyRecord?
        /// The views of which its votes and timeouts, if it made any, were in parts of its journal that nobody could read.
        var unseenVotes: [Range<View>] = []
        var unseenTimeouts: [Range<View>] = []
        /// What others hold of it.
        var heardVotes: [View: VoteStatement] = [:]
        var heardTimeouts: [View: TimeoutStatement] = [:]

        /// The views of votes that others hold and its journal must know.
        var comparedVotes: [View] {
            heardVotes.keys.filter { view in !unseenVotes.contains { $0.contains(view) } }
        }

        /// The views of timeouts that others hold and its journal must know.
        var comparedTimeouts: [View] {
            heardTimeouts.keys.filter { view in !unseenTimeouts.contains { $0.contains(view) } }
        }
    }

    private var books: [Book]
    private var certificates: Set<Digest> = []
    /// How often a part of a journal was missed.
    private(set) var holes = 0
    /// What must not be, a line each.
    private(set) var violations: [String] = []

    init(replicas: Int) { books = Array(repeating: Book(), count: replicas) }

    /// The number of different votes, timeouts and proposals that journals hold.
    var statements: Int { books.reduce(0) { $0 + $1.votes.count + $1.timeouts.count + $1.proposals.count } }

    /// The number of votes and timeouts of which others hold a signature in a certificate, and their signer's journal was read.
    var heard: Int { books.reduce(0) { $0 + $1.comparedVotes.count + $1.comparedTimeouts.count } }

    /// The number of those whose signer's journal was missed where they should be.
    var unjudged: Int { books.reduce(0) { $0 + $1.heardVotes.count + $1.heardTimeouts.count } - heard }

    /// Reads the journal of a replica that does not run.
    ///
    /// - Parameters:
    ///   - replica: whose journal it is.
    ///   - directory: where its segments are.
    ///   - isBehindHole: whether segments before these were missed.
    /// - Throws: how the disk failed.
    mutating func read(_ replica: Int, in directory: String, behindHole isBehindHole: Bool) throws {
        let disk = try RealDisk(reading: directory)
        var records: [JournalRecord] = []
        let summary = try JournalSummary(JournalListing(of: disk), on: disk) { record, _ in records.append(record) }
        if let problem = summary.problem { violate("replica \(replica) left a damaged journal: \(problem)") }
        if isBehindHole { miss(replica, before: records) }
        var previous: SafetyRecord?
        for record in records { take(record, of: replica, after: &previous) }
        if let last = books[replica].last, let now = previous { compare(now, with: last, of: replica, "a restart") }
        if let previous { books[replica].last = previous }
    }

    /// Looks for signatures that somebody holds and their signer's journal never had.
    mutating func settle() {
        for replica in books.indices {
            let book = books[replica]
            for view in book.comparedVotes.sorted() where book.votes[view] == nil {
                violate("a certificate holds a vote of replica \(replica) in view \(view) that its journal never had")
            }
            for view in book.comparedTimeouts.sorted() where book.timeouts[view] == nil {
                violate(
                    "a certificate holds a timeout of replica \(replica) in view \(view) that its journal never had"
                )
            }
        }
    }

    /// Notes what may stand in a part of a journal that was missed: whatever was said between the record before and that behind.
    private mutating func miss(_ replica: Int, before records: [JournalRecord]) {
        holes += 1
        let first = records.lazy.compactMap { if case .safety(let record) = $0 { record } else { nil } }.first
        guard let first else { return violate("replica \(replica) began a segment without what it has signed") }
        let last = books[replica].last
        let voted = last?.lastVotedView ?? .genesis
        let timedOut = last?.lastTimedOutView ?? .genesis
        if voted < first.lastVotedView { books[replica].unseenVotes.append(voted..<first.lastVotedView) }
        if timedOut < first.lastTimedOutView { books[replica].unseenTimeouts.append(timedOut..<first.lastTimedOutView) }
    }

    private mutating func take(_ record: JournalRecord, of replica: Int, after previous: inout SafetyRecord?) {
        switch record {
        case .block(let block): hear(block.justify)
        case .quorumCertificate(let certificate): hear(certificate)
        case .timeoutCertificate(let certificate): hear(certificate)
        case .checkpoint(let checkpoint): hear(checkpoint.committed.justify)
        case .commit: break
        case .safety(let safety):
            if let previous { compare(safety, with: previous, of: replica, "a record") }
            take(safety, of: replica, after: previous)
            previous = safety
        }
    }

    private mutating func take(_ safety: SafetyRecord, of replica: Int, after previous: SafetyRecord?) {
        if let vote = safety.lastVote {
            let known = books[replica].votes.updateValue(vote, forKey: vote.view)
            if let known, known != vote { violate("replica \(replica) voted twice in view \(vote.view)") }
            if known == nil, let previous, vote.view <= previous.lastTimedOutView {
                violate("replica \(replica) voted in view \(vote.view), which it had given up")
            }
        }
        if let timeout = safety.lastTimeout {
            let known = books[replica].timeouts.updateValue(timeout, forKey: timeout.view)
            if let known, known != timeout { violate("replica \(replica) gave view \(timeout.view) up in two ways") }
        }
        if let proposal = safety.lastProposal {
            let known = books[replica].proposals.updateValue(proposal, forKey: proposal.view)
            if let known, known != proposal { violate("replica \(replica) proposed twice in view \(proposal.view)") }
        }
    }

    /// Nothing that a safety record says goes back.
    private mutating func compare(_ new: SafetyRecord, with old: SafetyRecord, of replica: Int, _ place: String) {
        let fields: [(String, View, View)] = [
            ("the last voted view", old.lastVotedView, new.lastVotedView),
            ("the last view that was given up", old.lastTimedOutView, new.lastTimedOutView),
            ("the lock", old.lockedView, new.lockedView),
        ]
        for (name, before, after) in fields where after < before {
            violate("\(name) of replica \(replica) went back from \(before) to \(after) at \(place)")
        }
    }

    private mutating func hear(_ certificate: QuorumCertificate) {
        guard isNew(certificate.identity, certificate.signatures) else { return }
        for signer in certificate.signatures.signers where books.indices.contains(signer.index) {
            let known = books[signer.index].heardVotes.updateValue(certificate.statement, forKey: certificate.view)
            if let known, known != certificate.statement {
                violate("certificates hold two votes of replica \(signer) in view \(certificate.view)")
            }
            if let own = books[signer.index].votes[certificate.view], own != certificate.statement {
                violate(
                    "a certificate holds another vote of replica \(signer) in view \(certificate.view) than its journal"
                )
            }
        }
    }

    private mutating func hear(_ certificate: TimeoutCertificate) {
        hear(certificate.highest)
        let identity = Digest.hash(
            of: certificate.certifiedViews.flatMap { $0.rawValue.bytes } + certificate.view.rawValue.bytes
        )
        guard isNew(identity, certificate.signatures) else { return }
        for (signer, named) in zip(certificate.signatures.signers, certificate.certifiedViews)
        where books.indices.contains(signer.index) {
            let statement = certificate.statement(naming: named)
            let known = books[signer.index].heardTimeouts.updateValue(statement, forKey: statement.view)
            if let known, known != statement {
                violate("certificates hold two timeouts of replica \(signer) in view \(statement.view)")
            }
            if let own = books[signer.index].timeouts[statement.view], own != statement {
                violate(
                    "a certificate holds another timeout of replica \(signer) in view \(statement.view) than its journal"
                )
            }
        }
    }

    /// Whether these signers of a certificate have not been looked at yet.
    private mutating func isNew(_ identity: Digest, _ signatures: SignatureSet) -> Bool {
        let signers = signatures.signers.flatMap { UInt64($0.rawValue).bytes }
        return certificates.insert(Digest.hash(of: identity.bytes + signers)).inserted
    }

    private mutating func violate(_ text: String) {
        if violations.count < 100, !violations.contains(text) { violations.append(text) }
    }
}

extension UInt64 {
    fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) } }
}
