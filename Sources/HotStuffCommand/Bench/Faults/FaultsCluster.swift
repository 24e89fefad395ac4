import Foundation
import HotStuff
import HotStuffConfiguration
import NIOCore
import NIOPosix
import PostQuantum

/// A cluster of processes whose links take their time.
///
/// Each replica has a configuration of its own, in which the others are where its links begin.
final class FaultsCluster: Sendable {
    /// The folder of the cluster.
    let testnet: Testnet
    /// The processes.
    let processes: ReplicaProcesses
    /// How late each replica's words are.
    let delays: LinkDelays
    private let links: [LinkProxy]
    private let group: MultiThreadedEventLoopGroup

    /// The time of a view, in microseconds.
    var viewMicroseconds: Int { Int(testnet.configuration.settings.pacemaker.viewTimeoutMilliseconds) * 1_000 }

    /// The replicas.
    var replicas: [ReplicaID] { testnet.configuration.replicas.map(\.id) }

    /// Founds a cluster, without starting its replicas.
    ///
    /// - Parameters:
    ///   - replicas: how many there are.
    ///   - parameters: the parameters of the chain.
    ///   - linkMicroseconds: how late everybody's words are.
    /// - Throws: why there is no room for it on this machine.
    init(replicas: Int, parameters: ChainParameters, linkMicroseconds: Int) async throws {
        var testnet = try Testnet(
            replicas: replicas,
            scheme: .standard,
            parameters: parameters,
            keep: .sinceSnapshot,
            keptIn: nil
        )
        delays = LinkDelays(count: replicas, microseconds: linkMicroseconds)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var links: [LinkProxy] = []
        do {
            for dialler in testnet.configuration.replicas {
                var entries = testnet.configuration.replicas
                // Of two replicas the one with the smaller identity dials.
                for peer in testnet.configuration.replicas where dialler.id < peer.id {
                    let link = try await LinkProxy(
                        from: dialler.id,
                        to: peer.id,
                        port: peer.port,
                        delays: delays,
                        group: group
                    )
                    links.append(link)
                    entries[peer.id.index].port = link.port
                }
                try testnet.write(entries, for: dialler.id)
            }
        } catch {
            await FaultsCluster.close(links, group)
            testnet.remove()
            throw error
        }
        self.links = links
        self.testnet = testnet
        processes = ReplicaProcesses(of: testnet, durability: .powerLoss)
    }

    /// Ends everything and removes the folder.
    func end() async {
        processes.killAll()
        await FaultsCluster.close(links, group)
        testnet.remove()
    }

    /// Closes links and ends the event loops that carry them.
    private static func close(_ links: [LinkProxy], _ group: MultiThreadedEventLoopGroup) async {
        for link in links { await link.close() }
        // What is not ended now ends with the process.
        try? await group.shutdownGracefully()
    }
}
