internal import HotStuff

/// Plays a scenario, line by line.
///
/// Steps, with `A` and `B` for lists such as `0,2` or the word `all`, `V` for views, and `N` for names of blocks:
///
///     cluster 4 liars 3                  simulate seed 7 replicas 4 views 300     guided seed 7 replicas 4
///     (and for these three: rule two-chain; what else `cluster` knows is in `ScenarioCluster.swift`)
///     submit A 17                        tick 500 A            expire A           run to h5 [busy] | run to v9
///     deliver|drop|duplicate|reverse [KIND] [from A] [to B] [view V]              isolate A | heal
///     kill A | crash A [midwrite]        restart A             connect 0 1        hold disk A | release A
///     block N by 3 view V on N [commands 1,2] [height h] [parent N] [justify v] [epoch e] [executed h] [wrong] [set]
///     propose N to A [after V] [garbled] vote N by 3 to A [times n]               answer
///     certify N [signers A]              forge N [signers A] [unsigned]
///     gather V [signers A] [naming N] [epoch e] [hiding]       show N [after V] to A [by 3]
///     timeout V by 3 showing N [after V] [claiming V] [epoch e] to A
///     flood votes|timeouts n by 3 to A                         give, wait: see `Scenario+Sync.swift`
///     relabel, disguise: see `Scenario+Forging.swift`
///
/// With `work d` behind the cluster a proof of work of d bits elects leaders. A liar's block then shows a true solution of the view's difficulty,
/// unless something else is said:
///
///     solve A [wrong|again]              block ... [work N] [difficulty d] [unsolved]
///
/// A block that an honest leader proposes in view 3 is called `v3`, or `v3r1` where it is to be that of replica 1; the first one is `genesis`. A certificate has its block's
/// name, a forged one that with `!` behind it. What `after V` names is the timeout certificate of that view. While `run ... busy` lasts
/// every replica always has something to order.
final class Scenario {
    private(set) var stage: Stage?
    private(set) var expectationCount = 0
    private var names: [String: Block] = [:]
    var certificates: [String: QuorumCertificate] = [:]
    var timeoutCertificates: [View: TimeoutCertificate] = [:]
    /// The number of the next command that is submitted to keep replicas busy.
    private var busyNumber: UInt64 = 1 << 32
    private var expectsViolation = false
    private let trace: ((String) -> Void)?

    init(trace: ((String) -> Void)?) { self.trace = trace }

    /// What is wrong when all lines have been played.
    var faultAtEnd: String? {
        guard !expectsViolation, let violation = stage?.violations.first else { return nil }
        return "\(violation.kind): \(violation.detail)"
    }

    /// Carries out a step, or looks whether an expectation holds.
    func perform(_ line: ScenarioLine) throws(ScenarioProblem) {
        switch line.verb {
        case "cluster": try build(line)
        case "simulate":
            let run = SeedRun(
                seed: try line.number(after: "seed") ?? 0,
                replicaCount: try line.number(after: "replicas").map { Int(clamping: $0) },
                views: try line.number(after: "views") ?? 300,
                commitRule: try line.commitRule,
                trace: trace
            )
            if let violation = run.violations.first { throw ScenarioProblem("\(violation.kind): \(violation.detail)") }
            if let failure = run.livenessFailure { throw ScenarioProblem(failure) }
            expectationCount += 1
        case "guided":
            let run = GuidedRun(
                seed: try line.number(after: "seed") ?? 0,
                replicaCount: Int(clamping: try line.number(after: "replicas") ?? 4),
                commitRule: try line.commitRule,
                trace: trace
            )
            if let violation = run.violations.first { throw ScenarioProblem("\(violation.kind): \(violation.detail)") }
            expectationCount += 1
        case "give", "wait": try performOnSync(line)
        case "relabel", "disguise": try forge(line)
        case "expect":
            let rest = line.rest
            if rest.words.first == "violation" { expectsViolation = true }
            if let fault = try fault(of: rest) { throw ScenarioProblem(fault) }
            expectationCount += 1
        default:
            guard try performOnReplicas(line) else {
                guard try performOnMail(line) else {
                    guard try lie(line) else { throw ScenarioProblem("there is no such step") }
                    return
                }
                return
            }
        }
    }

    private func build(_ line: ScenarioLine) throws(ScenarioProblem) {
        let count = Int(clamping: try ScenarioLine.number(try line.word(1)))
        let liars = try line.list(after: "liars") ?? []
        guard (1...64).contains(count), liars.allSatisfy({ $0 < count }) else {
            throw ScenarioProblem("no such cluster")
        }
        var parameters = try line.parameters
        if let work = try line.number(after: "work") {
            guard (1...UInt64(Stage.hardestPuzzle)).contains(work) else { throw ScenarioProblem("no such work") }
            parameters.leaderElection = .proofOfWork(difficulty: UInt8(work))
        }
        let world = SimulatedWorld(powers: Array(repeating: 1, count: count), parameters: parameters)
        stage = Stage(
            world: world,
            liars: liars,
            settings: try line.settings,
            durability: line.durability,
            archive: line.archive,
            segmentBytes: try line.segmentBytes,
            print: trace
        )
    }

    // MARK: Names

    /// The stage that `cluster` built.
    func requireStage() throws(ScenarioProblem) -> Stage {
        guard let stage else { throw ScenarioProblem("there is no cluster yet") }
        return stage
    }

    /// Some honest replicas: a list, or all.
    func replicas(_ text: String?) throws(ScenarioProblem) -> [Int] {
        let stage = try requireStage()
        guard let text, text != "all" else { return stage.honest }
        let list = try ScenarioLine.list(text)
        guard list.allSatisfy(stage.honest.contains) else { throw ScenarioProblem("\(text): not all are honest") }
        return list
    }

    /// The liar whose deed it is.
    func liar(_ line: ScenarioLine) throws(ScenarioProblem) -> Int {
        let stage = try requireStage()
        let liar = try line.number(after: "by").map { Int(clamping: $0) } ?? stage.liars.first
        guard let liar, stage.liars.contains(liar) else { throw ScenarioProblem("there is no such liar") }
        return liar
    }

    /// The block of a name.
    func block(_ name: String) throws(ScenarioProblem) -> Block {
        let stage = try requireStage()
        if name == "genesis" { return stage.world.committee.genesis }
        if let block = names[name] { return block }
        if name.first == "v", let view = UInt64(name.dropFirst()),
            let proposal = stage.knowledge.proposals(in: View(view)).first
        {
            return proposal.block
        }
        let parts = name.dropFirst().split(separator: "r").compactMap { UInt64($0) }
        if name.first == "v", parts.count == 2,
            let proposal = stage.knowledge.proposals(in: View(parts[0])).first(where: {
                UInt64($0.block.header.proposer.rawValue) == parts[1]
            })
        {
            return proposal.block
        }
        throw ScenarioProblem("no block is called \(name)")
    }

    /// The certificate of a block's name.
    func certificate(_ name: String) throws(ScenarioProblem) -> QuorumCertificate {
        let stage = try requireStage()
        if name == "genesis" { return stage.genesisCertificate }
        if let certificate = certificates[name] { return certificate }
        guard let certificate = stage.certificate(of: try block(name)) else {
            throw ScenarioProblem("there are not enough votes for \(name)")
        }
        return certificate
    }

    private func timeoutCertificate(_ line: ScenarioLine) throws(ScenarioProblem) -> TimeoutCertificate? {
        guard let view = try line.number(after: "after") else { return nil }
        if let certificate = timeoutCertificates[View(view)] { return certificate }
        let stage = try requireStage()
        let signers = stage.liars + stage.honest
        guard let certificate = stage.timeoutCertificate(of: View(view), signers: signers) else {
            throw ScenarioProblem("there are not enough timeouts of view \(view)")
        }
        return certificate
    }

    private func pair(_ name: String, _ line: ScenarioLine) throws(ScenarioProblem) -> CertificatePair {
        CertificatePair(quorum: try certificate(name), timeout: try timeoutCertificate(line))
    }

    // MARK: Steps

    private func performOnReplicas(_ line: ScenarioLine) throws(ScenarioProblem) -> Bool {
        let stage = try requireStage()
        let last = line.words.count > 1 ? line.words[1] : nil
        switch line.verb {
        case "submit":
            let number = try ScenarioLine.number(try line.word(2))
            for index in try replicas(last) { stage.submit([.openSession(nonce: number)], to: index) }
        case "tick":
            let time = try ScenarioLine.number(try line.word(1))
            for index in try replicas(line.words.count > 2 ? line.words[2] : nil) {
                stage.advance(index, milliseconds: time)
            }
        case "expire": for index in try replicas(last) { stage.expire(index) }
        case "run": try run(line)
        case "kill": for index in try replicas(last) { stage.kill(index, midWrite: line.has("midwrite")) }
        case "crash": for index in try replicas(last) { stage.losePower(index, midWrite: line.has("midwrite")) }
        case "restart": for index in try replicas(last) { stage.restart(index) }
        case "connect":
            let left = try replicas(try line.word(1))
            for (one, other) in zip(left, try replicas(try line.word(2))) { stage.connect(one, other) }
        case "hold":
            guard let service = Stage.Service(rawValue: try line.word(1)) else { return false }
            for index in try replicas(try line.word(2)) { stage.hold(service, at: index) }
        case "release": for index in try replicas(last) { stage.release(index) }
        case "isolate":
            for index in try replicas(last) {
                for other in 0..<stage.world.count { stage.cutLinks.formUnion([[index, other], [other, index]]) }
            }
        case "heal": stage.cutLinks = []
        case "solve":
            let find: Stage.Find = line.has("wrong") ? .wrong : line.has("again") ? .old : .solution
            for index in try replicas(last) where !stage.solve(index, with: find) {
                throw ScenarioProblem("replica \(index) looks for nothing")
            }
        default: return false
        }
        return true
    }

    /// Delivers everything and lets time pass until all that run are where they must be.
    private func run(_ line: ScenarioLine) throws(ScenarioProblem) {
        let stage = try requireStage()
        let goal = try line.word(2)
        let number = try ScenarioLine.number(goal)
        for _ in 0..<400 {
            let cores = stage.honest.compactMap { stage.core($0) }
            let isThere = cores.allSatisfy {
                goal.first == "h" ? $0.committed.height.rawValue >= number : $0.view.rawValue >= number
            }
            if isThere { return }
            if line.has("busy") {
                busyNumber += 1
                for index in stage.honest { stage.submit([.openSession(nonce: busyNumber)], to: index) }
            }
            deliverAll(MailFilter())
            // Of those who look for a solution the first one finds it: who has led stands back.
            if let miner = stage.honest.first(where: { stage.puzzles[$0] != nil }) { stage.solve(miner) }
            for index in stage.honest { stage.advance(index, milliseconds: 125) }
        }
        throw ScenarioProblem("they do not get there")
    }

    private func performOnMail(_ line: ScenarioLine) throws(ScenarioProblem) -> Bool {
        let stage = try requireStage()
        guard ["deliver", "drop", "duplicate", "reverse"].contains(line.verb) else { return false }
        var filter = MailFilter()
        filter.kind = line.words.count > 1 ? MailKind(rawValue: line.words[1]) : nil
        filter.senders = try line.list(after: "from")
        filter.receivers = try line.list(after: "to")
        filter.view = try line.number(after: "view").map { View($0) }
        switch line.verb {
        case "deliver":
            if line.words.count == 1 { deliverAll(filter) } else { deliver(stage.take(filter)) }
        case "drop": _ = stage.take(filter)
        case "duplicate": deliver(stage.mail.filter(filter.matches))
        default: deliver(stage.take(filter).reversed())
        }
        return true
    }

    private func deliver(_ items: [MailItem]) {
        for item in items { stage?.hand(item.message, from: item.sender, to: item.receiver) }
    }

    private func deliverAll(_ filter: MailFilter) {
        for _ in 0..<1_000 {
            guard let items = stage?.take(filter), !items.isEmpty else { return }
            deliver(items)
        }
    }

    private func lie(_ line: ScenarioLine) throws(ScenarioProblem) -> Bool {
        let stage = try requireStage()
        if line.verb == "answer" {
            stage.answerQuestions()
            return true
        }
        guard line.words.count > 1 else { return false }
        let name = line.words[1]
        switch line.verb {
        case "block": names[name] = try makeBlock(line)
        case "propose":
            let block = try block(name)
            let leader = block.header.proposer.index
            guard stage.liars.contains(leader) else { throw ScenarioProblem("replica \(leader) is honest") }
            var message = stage.proposal(of: block, after: try timeoutCertificate(line))
            if line.has("garbled") { message = message.garbled }
            for index in try replicas(line.value(after: "to")) { stage.hand(message, from: leader, to: index) }
        case "vote":
            let liar = try liar(line)
            let block = try block(name)
            for index in try replicas(line.value(after: "to")) {
                for variant in 0..<(try line.number(after: "times") ?? 1) {
                    let vote = stage.vote(for: block, by: liar, variant: UInt8(truncatingIfNeeded: variant))
                    stage.hand(.vote(vote), from: liar, to: index)
                }
            }
        case "certify":
            let signers = try line.list(after: "signers")
            guard let certificate = stage.certificate(of: try block(name), signers: signers) else {
                throw ScenarioProblem("there are not enough votes for \(name)")
            }
            certificates[name] = certificate
        case "forge":
            let garbage = Signature([UInt8](repeating: 7, count: 17))
            let signers = try line.list(after: "signers") ?? Array(0..<stage.world.count)
            let signed = line.has("unsigned") ? [] : signers.map { (ReplicaID(UInt16($0)), garbage) }
            certificates[name + "!"] = QuorumCertificate(
                statement: stage.knowledge.statement(for: try block(name)),
                signatures: SignatureSet(signed)
            )
        case "gather":
            let view = View(try ScenarioLine.number(name))
            let signers = try line.list(after: "signers") ?? stage.liars + stage.honest
            var named = stage.genesisCertificate
            if let name = line.value(after: "naming") { named = try certificate(name) }
            let epoch = try line.number(after: "epoch").map { Epoch($0) }
            guard
                let gathered = stage.timeoutCertificate(of: view, signers: signers, named: named, epoch: epoch)
            else {
                throw ScenarioProblem("there are not enough timeouts of view \(view)")
            }
            timeoutCertificates[view] =
                line.has("hiding") ? gathered.hiding(behind: stage.genesisCertificate) : gathered
        case "timeout":
            let liar = try liar(line)
            let timeout = stage.timeout(
                of: View(try ScenarioLine.number(name)),
                naming: try line.number(after: "claiming").map { View($0) },
                showing: try pair(line.value(after: "showing") ?? "genesis", line),
                by: liar,
                epoch: try line.number(after: "epoch").map { Epoch($0) }
            )
            for index in try replicas(line.value(after: "to")) {
                stage.hand(.timeout(timeout), from: liar, to: index)
            }
        case "show":
            let pair = try pair(name, line)
            let liar = try liar(line)
            for index in try replicas(line.value(after: "to")) {
                stage.hand(.certificates(pair), from: liar, to: index)
            }
        case "flood": try flood(line)
        default: return false
        }
        return true
    }

    private func makeBlock(_ line: ScenarioLine) throws(ScenarioProblem) -> Block {
        let stage = try requireStage()
        let justify = try certificate(line.value(after: "on") ?? "genesis")
        var change = BlockChange()
        change.height = try line.number(after: "height").map { Height($0) }
        change.justifyView = try line.number(after: "justify").map { View($0) }
        change.epoch = try line.number(after: "epoch").map { Epoch($0) }
        if let name = line.value(after: "work") { change.work = try block(name).header.work }
        change.difficulty = try line.number(after: "difficulty").map { UInt8(clamping: $0) }
        change.isUnsolved = line.has("unsolved")
        if line.has("set") { change.nextValidatorSet = Digest.hash(of: [1]) }
        if line.has("foreign") { change.chain = Digest.hash(of: [2]) }
        if let name = line.value(after: "parent") { change.parent = try block(name).id }
        if let height = try line.number(after: "executed") {
            let claims = stage.knowledge.proposals.map(\.block.header.executed)
            let known = (stage.honest.compactMap { stage.executed($0) } + claims).first {
                $0.height.rawValue == height
            }
            change.executed = ExecutedState(
                height: Height(height),
                digest: line.has("wrong") ? Digest.hash(of: [3]) : known?.digest ?? .zero
            )
        }
        let commands = try (line.list(after: "commands") ?? []).map { Command.openSession(nonce: UInt64($0)) }
        guard let view = try line.number(after: "view") else { throw ScenarioProblem("a block of no view") }
        return stage.block(by: try liar(line), view: View(view), on: justify, commands: commands, change: change)
    }

    /// Sends no end of valid statements of views to come, and two for each view.
    private func flood(_ line: ScenarioLine) throws(ScenarioProblem) {
        let stage = try requireStage()
        let liar = try liar(line)
        let count = try ScenarioLine.number(try line.word(2))
        for index in try replicas(line.value(after: "to")) {
            for number in 1...max(1, count) {
                if line.words[1] == "timeouts" {
                    let pair = CertificatePair(quorum: stage.genesisCertificate, timeout: nil)
                    let timeout = stage.timeout(of: View(number), showing: pair, by: liar)
                    stage.hand(.timeout(timeout), from: liar, to: index)
                    continue
                }
                for block in 0..<2 {
                    let statement = VoteStatement(
                        chain: stage.world.committee.chain,
                        epoch: .first,
                        view: View(number &* 0x1_0000),
                        block: Digest.hash(of: [UInt8(block)]),
                        height: Height(number),
                        parentView: View(number),
                        commits: nil
                    )
                    stage.hand(.vote(stage.vote(statement, by: liar)), from: liar, to: index)
                }
            }
        }
    }
}
