import HotStuff
import HotStuffClient
import HotStuffConfiguration

/// What became of one submitted command.
struct SubmissionResult: Sendable {
    /// The command as it was written.
    let text: String
    /// The store's answer.
    let reply: KeyValueReply
    /// What the replicas told about it.
    let receipt: Receipt

    /// The time from the submission to the answer, in milliseconds.
    var latencyMilliseconds: Double { receipt.latency.milliseconds }
}

extension KeyValueReply {
    /// Whether the store did, or has, what it was asked for.
    var isYes: Bool {
        switch self {
        case .stored, .value, .deleted, .swapped, .entries: true
        case .absent, .notSwapped, .malformed: false
        }
    }
}

extension Duration {
    /// The time in milliseconds.
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15 }

    /// The time in seconds.
    var seconds: Double { milliseconds / 1_000 }
}

/// Submits commands over one client, some at a time.
struct Submission: Sendable {
    /// The client.
    let client: HotStuffClient
    /// The most commands that are on their way at a time; with 1 each begins when the one before is done.
    let outstanding: Int

    /// Submits commands and tells each result, in the commands' order, as soon as it and all before it are there.
    ///
    /// The first command without a result ends it all.
    func run(_ commands: [WrittenCommand], each report: (SubmissionResult) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: (Int, SubmissionResult).self) { group in
            var next = 0
            var reported = 0
            var waiting: [Int: SubmissionResult] = [:]
            func add() {
                guard next < commands.count else { return }
                let index = next
                next += 1
                group.addTask { (index, try await submit(commands[index])) }
            }
            for _ in 0..<max(outstanding, 1) { add() }
            while let (index, result) = try await group.next() {
                add()
                waiting[index] = result
                while let ready = waiting.removeValue(forKey: reported) {
                    reported += 1
                    try report(ready)
                }
            }
        }
    }

    /// Submits one command.
    func submit(_ command: WrittenCommand) async throws(Failure) -> SubmissionResult {
        let receipt: Receipt
        do {
            receipt = try await client.submit(command.command.encoded)
        } catch {
            throw Failure(error, command: command.text)
        }
        guard let reply = try? KeyValueReply(decoding: receipt.reply) else {
            throw Failure(
                .data,
                "the replicas answer \(Failure.quoted(command.text)) in an unknown language",
                advice: "this chain does not run the key-value store; use its own client"
            )
        }
        return SubmissionResult(text: command.text, reply: reply, receipt: receipt)
    }
}

extension Failure {
    /// Creates the failure of a command that has no result.
    init(_ error: ClientError, command: String) {
        let what = Failure.quoted(command)
        switch error {
        case .noReplicaReachable(let replicas):
            // A refused connection explains itself; anything else, such as another key, does not.
            let reason = replicas.compactMap(\.reason).first { !$0.hasPrefix("network:") }.map { " (\($0))" } ?? ""
            self.init(
                .unavailable,
                "none of \(replicas.count) replicas can be reached for \(what)\(reason)",
                advice: "start the replicas, or check the addresses in the configuration"
            )
        case .timedOut(let confirmed, let needed):
            self.init(
                .unavailable,
                "replicas with a voting power of \(confirmed) agree on a result of \(what), \(needed) are needed",
                advice: "start more replicas or raise --timeout; the command may or may not be executed"
            )
        case .tooLong:
            self.init(.data, "\(what) is longer than the chain allows", advice: "use a shorter key or value")
        case .sessionLost, .sequenceTaken:
            self.init(.temporary, "\(what) has no result: \(error)", advice: "read the key, then try again")
        case .cancelled, .stopped:
            self.init(.temporary, "\(what) was given up", advice: "it may or may not be executed; read the key")
        }
    }
}
