import HotStuff
import HotStuffTransport
import Synchronization

/// A replica that speaks to clients over a real socket and takes its answers from a script.
final class FakeReplica: TransportDelegate {
    /// How a replica answers.
    enum Script: Sendable {
        /// As the chain says.
        case honest
        /// The chain's results with other replies and other sessions.
        case lying
        /// Not at all, since it is slow, or worse.
        case silent
        /// With bytes that are no response, before the truth.
        case babbling
        /// That it is busy, the first time; then as the chain says.
        case busyOnce
        /// That every command is too long, but for those that open sessions.
        case refusing
    }

    private struct State {
        var script: Script
        var transport: ReplicaTransport?
        var seen: Set<CommandKey> = []
        var commandCount = 0
    }

    private let id: ReplicaID
    private let chain: FakeChain
    private let state: Mutex<State>

    init(id: ReplicaID, chain: FakeChain, script: Script) {
        self.id = id
        self.chain = chain
        state = Mutex(State(script: script))
    }

    func attach(_ transport: ReplicaTransport) {
        state.withLock { $0.transport = transport }
    }

    /// The number of commands that came in, repeated ones too.
    var commandCount: Int { state.withLock { $0.commandCount } }

    func change(to script: Script) {
        state.withLock { $0.script = script }
    }

    func received(_ messages: [InboundMessage], from sender: Sender) {
        guard case .client(let client) = sender else { return }
        for message in messages {
            guard let request = try? Frame.decode(ClientRequest.self, from: message.bytes) else { continue }
            let transport = state.withLock { $0.transport }
            for bytes in answers(to: request) { transport?.send(bytes, toClient: client) }
        }
    }

    private func answers(to request: ClientRequest) -> [[UInt8]] {
        let script = state.withLock { $0.script }
        switch (request, script) {
        case (.submit(let commands), _): return answers(to: commands, script)
        case (.status, .silent): return []
        case (.status, _):
            let status = ReplicaStatus(
                replica: id,
                view: View(1),
                leader: id,
                committedHeight: .genesis,
                committedBlock: .zero,
                executed: .genesis,
                applicationState: .zero,
                executedCommands: UInt64(chain.executedBodies.count),
                pendingCommands: 0,
                failedViews: 0
            )
            return [Frame.encode(ClientResponse.status(status))]
        }
    }

    private func answers(to commands: [Command], _ script: Script) -> [[UInt8]] {
        let keys = commands.map(\.key)
        let areNew = state.withLock { state in
            state.commandCount += keys.count
            defer { state.seen.formUnion(keys) }
            return state.seen.isDisjoint(with: keys)
        }
        func encode(_ response: ClientResponse) -> [UInt8] { Frame.encode(response) }
        switch script {
        case .silent: return []
        case .honest: return [encode(.results(commands.map(chain.result)))]
        case .lying: return [encode(.results(commands.map { lie(about: chain.result(of: $0)) }))]
        case .babbling: return [[1, 2, 3], [], encode(.results(commands.map(chain.result)))]
        case .busyOnce: return [areNew ? encode(.busy(keys)) : encode(.results(commands.map(chain.result)))]
        case .refusing:
            let openings = commands.filter { $0.key.session == .none }
            return [
                encode(.refused(keys.filter { $0.session != .none })), encode(.results(openings.map(chain.result))),
            ]
        }
    }

    private func lie(about truth: CommandResult) -> CommandResult {
        let outcome: CommandOutcome =
            truth.key.session == .none ? .opened(SessionID(height: Height(666), position: 0)) : .executed([6, 6, 6])
        return CommandResult(key: truth.key, command: truth.command, height: truth.height, outcome: outcome)
    }

    func peerConnected(_ peer: ReplicaID) {}

    func peerDisconnected(_ peer: ReplicaID, reason: ConnectionFailure) {}

    func clientDisconnected(_ client: ClientConnectionID, reason: ConnectionFailure) {}
}
