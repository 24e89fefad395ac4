import HotStuff
import HotStuffTransport
import Testing

/// Sends a command until so many replicas have given one and the same result.
func settle(
    _ command: Command,
    count: Int,
    client: PlainClient,
    transport: ClientTransport
) async throws -> CommandResult {
    for attempt in 0..<4_500 {
        if attempt.isMultiple(of: 50) {
            for replica in transport.replicas {
                transport.send(Frame.encode(ClientRequest.submit([command])), to: replica)
            }
        }
        let results = client.results(command.key)
        if results.count >= count, let first = results.first {
            #expect(results.allSatisfy { $0 == first })
            return first
        }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("command \(command.key) has \(client.results(command.key).count) results, not \(count)")
    throw CancellationError()
}
