package import HotStuff
package import HotStuffStorage

/// A cluster in which nothing happens by itself: what arrives, when, and how late it is, is for somebody else to say.
///
/// Disk, signatures and execution answer at once unless they are held back. Messages wait in a mailbag. Time stands still
/// until it is moved, for each replica alone. A liar has no replica at all: the stage holds its pen.
package final class Stage: Surroundings {
    /// What can be held back at a replica.
    package enum Service: String, Sendable, CaseIterable {
        /// Writes to the disk.
        case disk
        /// Signatures.
        case signatures
        /// The application.
        case execution
    }

    private enum Wish {
        case write
        case sign(SigningRequest)
        case execute

        var service: Service {
            switch self {
            case .write: .disk
            case .sign: .signatures
            case .execute: .execution
            }
        }
    }

    private struct Due {
        let replica: Int
        let incarnation: Int
        let wish: Wish
    }

    /// The chain's genesis and everybody's keys.
    package let world: SimulatedWorld
    /// Sees what honest replicas do.
    package let inspector: Inspector
    /// The replicas whose pens the stage holds, in order.
    package let liars: [Int]
    /// The replicas that follow the protocol, in order.
    package let honest: [Int]
    /// All that was said.
    package internal(set) var knowledge: Knowledge
    /// What waits to be delivered, in the order in which it was sent.
    package private(set) var mail: [MailItem] = []
    /// What replicas reported of others, in order.
    package private(set) var reports: [(replica: Int, evidence: Evidence)] = []
    /// Why each replica stopped by itself, if it did.
    package private(set) var stops: [StopReason?]
    /// Why each replica refused the last message that it refused.
    package internal(set) var refusals: [VerificationFailure?]
    /// How many messages of each kind were sent, one for each receiver.
    package private(set) var sentCounts: [MailKind: Int] = [:]
    /// What replicas asked of one another, in order.
    private(set) var questions: [Question] = []
    /// With what the journal of each replica ends.
    private(set) var journalEnds: [JournalEnd]
    /// What each replica looks for, and what it found last, where a proof of work elects leaders.
    package private(set) var puzzles: [Puzzle?]
    var solvedPuzzles: [Puzzle?]
    /// How many proofs each replica ignored: others' and its own.
    package private(set) var ignoredProofCounts: [Int]
    /// Who may lead which view.
    let leaders: LeaderSchedule
    /// Between whom nothing is taken into the mailbag.
    package var cutLinks: Set<[Int]> = []

    private var replicas: [SimulatedReplica?] = []
    /// Those that cannot start from what they wrote.
    private var broken: Set<Int> = []
    private var times: [UInt64]
    private var due: [Due] = []
    private var held: [Set<Service>]
    private var heldBack: [Due] = []
    private var random: RandomSource
    private let settings: ConsensusSettings
    private let print: ((String) -> Void)?

    /// Raises the curtain: all honest replicas have started.
    ///
    /// - Parameters:
    ///   - world: genesis and keys.
    ///   - liars: who does not follow the protocol.
    ///   - settings: the numbers of each replica.
    ///   - durability: what disks survive.
    ///   - archive: which final blocks are kept.
    ///   - segmentBytes: the length at which a segment of the journal is full.
    ///   - inspector: sees what honest replicas do.
    ///   - print: gets a line for everything that happens.
    package init(
        world: SimulatedWorld,
        liars: [Int],
        settings: ConsensusSettings = Stage.defaultSettings,
        durability: Durability = .powerLoss,
        archive: ArchiveConfiguration = SimulatedReplica.wholeArchive,
        segmentBytes: Int = SimulatedReplica.segmentBytes,
        inspector: Inspector? = nil,
        print: ((String) -> Void)? = nil
    ) {
        self.world = world
        self.liars = liars.sorted()
        self.settings = settings
        self.print = print
        self.inspector = inspector ?? Inspector(world: world)
        honest = (0..<world.count).filter { !liars.contains($0) }
        knowledge = Knowledge(genesis: world.committee.genesis, rule: world.parameters.commitRule)
        stops = Array(repeating: nil, count: world.count)
        journalEnds = Array(repeating: .records, count: world.count)
        puzzles = Array(repeating: nil, count: world.count)
        solvedPuzzles = Array(repeating: nil, count: world.count)
        ignoredProofCounts = Array(repeating: 0, count: world.count)
        leaders = LeaderSchedule(among: world.committee.validators, parameters: world.parameters)
        refusals = Array(repeating: nil, count: world.count)
        times = Array(repeating: 0, count: world.count)
        held = Array(repeating: [], count: world.count)
        random = RandomSource(seed: 0x57a6_e000)
        replicas = (0..<world.count).map { index in
            liars.contains(index)
                ? nil
                : SimulatedReplica(
                    index: index,
                    id: ReplicaID(UInt16(index)),
                    world: world,
                    settings: settings,
                    durability: durability,
                    archive: archive,
                    segmentBytes: segmentBytes,
                    inspector: self.inspector,
                    surroundings: self
                )
        }
        for index in honest { restart(index) }
    }

    /// Views that all take a second, so that one second more gives up any of them.
    package static let defaultSettings = ConsensusSettings(
        pacemaker: PacemakerSettings(
            viewTimeoutMilliseconds: 1_000,
            growthPercent: 100,
            maximumTimeoutMilliseconds: 1_000
        ),
        maximumPendingCommands: 1_024,
        maximumPendingBytes: 1 << 20,
        rememberedCommands: 4_096
    )

    /// What must never happen, and did.
    package var violations: [Violation] { inspector.violations }

    // MARK: Replicas

    /// Whether a replica follows the protocol and runs.
    package func isUp(_ index: Int) -> Bool { replicas[index]?.isUp == true }

    /// The inside of an honest replica.
    package func core(_ index: Int) -> Consensus? { replicas[index].flatMap { $0.isUp ? $0.core : nil } }

    /// The view of an honest replica that runs.
    package func view(of index: Int) -> View? { up(index)?.core.view }

    /// What it signed and locked.
    package func record(of index: Int) -> SafetyRecord? { up(index)?.core.safetyRecord }

    /// The certificates by which it stands where it stands.
    package func certificates(of index: Int) -> CertificatePair? { up(index)?.core.certificates }

    /// The name of its last final block.
    package func committed(by index: Int) -> Digest? { up(index)?.core.committed.id }

    /// Whether it has commands to order.
    package func hasCommands(_ index: Int) -> Bool { up(index).map { $0.core.pendingCommandCount > 0 } ?? false }

    /// An honest replica that runs.
    func up(_ index: Int) -> SimulatedReplica? { replicas[index].flatMap { $0.isUp ? $0 : nil } }

    /// What an honest replica has executed.
    package func executed(_ index: Int) -> ExecutedState? { replicas[index]?.executor.execution.executed }

    /// What of a replica's memory is beyond its bounds.
    package func excess(_ index: Int) -> [String] {
        guard let core = core(index) else { return [] }
        return core.footprint.exceeding(
            Footprint.limit(validatorCount: world.count, settings: settings, parameters: world.parameters)
        )
    }

    /// A replica's process dies; a batch that is held back is lost, or caught by the end in the middle of its write.
    package func kill(_ index: Int, midWrite: Bool = false) {
        note { "r\(index) is killed" }
        if midWrite { replicas[index]?.startWriting() }
        replicas[index]?.kill(midWrite: midWrite)
        forget(index)
    }

    /// A replica's machine loses power.
    package func losePower(_ index: Int, midWrite: Bool = false) {
        note { "r\(index) loses power" }
        if midWrite { replicas[index]?.startWriting() }
        replicas[index]?.losePower(midWrite: midWrite, seed: random.next())
        forget(index)
    }

    private func forget(_ index: Int) {
        heldBack.removeAll { $0.replica == index }
        due.removeAll { $0.replica == index }
        mail.removeAll { $0.receiver == index }
        held[index] = []
        puzzles[index] = nil
    }

    /// Starts a replica that is down.
    package func restart(_ index: Int) {
        guard let replica = replicas[index], !replica.isUp, !broken.contains(index) else { return }
        inspector.restarts(replica.id)
        journalEnds[index] = .records
        do {
            try replica.start(now: now(index), wall: wall(index), random: random.split())
            note { "r\(index) starts in view \(replica.core.view)" }
        } catch {
            note { "r\(index) cannot start: \(error)" }
            broken.insert(index)
            inspector.report(Violation(.recovery, "replica \(index) cannot start: \(error)"))
        }
        settle()
    }

    /// Two replicas connect; what they say because of that waits in the mailbag.
    package func connect(_ left: Int, _ right: Int) {
        for (one, other) in [(left, right), (right, left)] where isUp(one) {
            replicas[one]?.connection(to: ReplicaID(UInt16(other)), isUp: true)
        }
        settle()
    }

    /// Holds back a service at a replica.
    package func hold(_ service: Service, at index: Int) { held[index].insert(service) }

    /// Lets all services of a replica answer what they held back.
    package func release(_ index: Int) {
        held[index] = []
        due += heldBack.filter { $0.replica == index }
        heldBack.removeAll { $0.replica == index }
        settle()
    }

    // MARK: Time and clients

    /// The time of a replica.
    func now(_ index: Int) -> Instant { Instant(times[index]) }

    private func wall(_ index: Int) -> Timestamp { Timestamp(1_700_000_000_000 + times[index] / 1_000) }

    /// Time passes at one replica.
    package func advance(_ index: Int, milliseconds: UInt64) {
        times[index] += milliseconds * 1_000
        replicas[index]?.clock(now: now(index), wall: wall(index))
        settle()
    }

    /// Time passes until a replica gives up its view, if it waits for anything.
    package func expire(_ index: Int) {
        advance(index, milliseconds: settings.pacemaker.maximumTimeoutMilliseconds)
    }

    /// A client asks a replica for commands.
    package func submit(_ commands: [Command], to index: Int) {
        replicas[index]?.submit(commands, client: 0)
        settle()
    }

    /// Hands a number to a replica as the solution of a puzzle.
    func hand(_ nonce: UInt64, for puzzle: Puzzle, to index: Int) {
        guard let replica = replicas[index] else { return }
        replica.mined(puzzle, nonce: nonce, incarnation: replica.incarnation)
        settle()
    }

    // MARK: Messages

    /// Hands a message to an honest replica.
    ///
    /// - Returns: why it is not believed, if it is not.
    @discardableResult
    package func hand(_ message: Message, from sender: Int, to receiver: Int) -> VerificationFailure? {
        guard let replica = replicas[receiver], replica.isUp else { return nil }
        note { "r\(receiver) hears r\(sender): \(EffectNotation.text(message))" }
        let from = ReplicaID(UInt16(sender))
        let failure = replica.receive(message, from: from, fault: inspector.messages.fault(of: message, from: from))
        if let failure {
            refusals[receiver] = failure
            note { "r\(receiver) refuses: \(failure)" }
        }
        settle()
        return failure
    }

    /// Takes messages out of the mailbag.
    package func take(_ filter: MailFilter) -> [MailItem] {
        let taken = mail.filter(filter.matches)
        mail.removeAll(where: filter.matches)
        return taken
    }

    /// Drops everything that waits.
    package func dropMail() { mail.removeAll(keepingCapacity: true) }

    // MARK: Surroundings

    package func send(_ message: Message, isStatement: Bool, to recipients: Recipients, from replica: SimulatedReplica)
    {
        let message = whole(message, of: replica)
        knowledge.note(message)
        for receiver in 0..<world.count where receiver != replica.index {
            if case .replica(let only) = recipients, only.index != receiver { continue }
            sentCounts[MailKind(message), default: 0] += 1
            let isCut = cutLinks.contains([replica.index, receiver])
            ask(receiver, message, by: replica.index, isHeard: !isCut)
            guard !isCut else { continue }
            let item = MailItem(sender: replica.index, receiver: receiver, message: message)
            // A liar knows everything anyway, but a question wants an answer.
            if isUp(receiver) || liars.contains(receiver) && MailKind(message) == .requests { mail.append(item) }
        }
    }

    /// Takes note of what a replica asks another one.
    private func ask(_ asked: Int, _ message: Message, by asker: Int, isHeard: Bool) {
        guard [.requests, .rangeRequests, .snapshotRequests].contains(MailKind(message)) else { return }
        let moment = now(asker).rawValue
        questions.append(Question(asker: asker, asked: asked, moment: moment, message: message, isHeard: isHeard))
    }

    /// On the stage every proposal shows its certificate, as it may: what a play hides from whom is for the play to say.
    private func whole(_ message: Message, of replica: SimulatedReplica) -> Message {
        guard case .briefProposal(let brief) = message else { return message }
        let justify = replica.certificates.quorum
        let isNamed = justify.block == brief.header.parent && justify.view == brief.header.justifyView
        return isNamed ? .proposal(brief.whole(with: justify)) : message
    }

    package func diskIsWanted(by replica: SimulatedReplica) { wish(.write, of: replica) }

    package func signatureIsWanted(_ request: SigningRequest, by replica: SimulatedReplica) {
        wish(.sign(request), of: replica)
    }

    package func miningIsWanted(_ puzzle: Puzzle?, by replica: SimulatedReplica) { puzzles[replica.index] = puzzle }

    package func executionIsWanted(by replica: SimulatedReplica) { wish(.execute, of: replica) }

    package func wake(_ replica: SimulatedReplica, at moment: Instant?) {}

    package func answer(_ response: ClientResponse, to client: Int, from replica: SimulatedReplica) {}

    package func notice(_ effect: Effect, at replica: SimulatedReplica) {
        journalEnds[replica.index].note(effect)
        if case .report(let evidence) = effect { reports.append((replica.index, evidence)) }
        if case .ignoredProof = effect { ignoredProofCounts[replica.index] += 1 }
        note { "r\(replica.index): \(EffectNotation.line(effect))" }
    }

    package func stopped(_ replica: SimulatedReplica, because reason: StopReason) {
        stops[replica.index] = reason
        note { "r\(replica.index) stops: \(reason)" }
        // It has taken the state of others, and starts from it when the play says so.
        if case .startsAgain = reason { return }
        inspector.report(Violation(.halt, "replica \(replica.id) stopped: \(reason)"))
    }

    private func wish(_ wish: Wish, of replica: SimulatedReplica) {
        due.append(Due(replica: replica.index, incarnation: replica.incarnation, wish: wish))
    }

    /// Carries out what replicas wish for, and what they wish for because of that.
    private func settle() {
        var next = 0
        while next < due.count {
            let entry = due[next]
            next += 1
            guard let replica = replicas[entry.replica], replica.incarnation == entry.incarnation else { continue }
            guard !held[entry.replica].contains(entry.wish.service) else {
                heldBack.append(entry)
                continue
            }
            switch entry.wish {
            case .write:
                replica.startWriting()
                replica.finishWriting(incarnation: entry.incarnation)
            case .sign(let request):
                let variant = UInt8(truncatingIfNeeded: entry.incarnation)
                replica.sign(request, incarnation: entry.incarnation, variant: variant)
            case .execute: replica.execute(incarnation: entry.incarnation)
            }
        }
        due.removeAll(keepingCapacity: true)
    }

    func note(_ line: () -> String) {
        if let print { print(line()) }
    }
}
