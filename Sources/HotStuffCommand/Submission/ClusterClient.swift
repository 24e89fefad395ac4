import HotStuff
import HotStuffClient
import HotStuffConfiguration
import HotStuffTransport
import Logging
import NIOCore
import NIOPosix

/// A client of the cluster that a configuration describes, with an event loop of its own.
struct ClusterClient: Sendable {
    /// The client.
    let client: HotStuffClient
    private let group: MultiThreadedEventLoopGroup

    /// Creates a client and begins to connect.
    ///
    /// Each command may take as long as the timeout, and so many are on their way at a time. Complaints name the file.
    init(_ configuration: ClusterConfiguration, file: String, timeout: Duration, outstanding: Int) throws(Failure) {
        let transport = TransportConfiguration(
            genesis: configuration.genesis,
            scheme: configuration.scheme,
            peers: configuration.peers
        )
        var settings = ClientConfiguration(validators: configuration.genesis.validators, transport: transport)
        settings.requestTimeout = timeout
        settings.maximumOutstanding = max(outstanding, 1)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let logger = Logger(label: "hotstuff.client") { _ in SwiftLogNoOpLogHandler() }
        do {
            client = try HotStuffClient(configuration: settings, group: group, logger: logger)
        } catch {
            throw Failure(.configuration, "\(error) in \(file)", advice: "correct the configuration")
        }
        client.start()
    }

    /// Closes the connections and stops the event loop.
    func stop() async {
        await client.stop()
        // Shutting down fails only if the group was shut down before, and nobody else has it.
        try? await group.shutdownGracefully()
    }
}
