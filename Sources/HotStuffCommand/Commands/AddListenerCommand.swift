import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration

/// `hotstuff add-listener`: draws the key of a listener and adds it to the configuration of a cluster.
struct AddListenerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-listener",
        abstract: "Draw the key of a listener and add it to the configuration of a cluster.",
        discussion: """
            A listener follows the chain and serves it, and has no vote: the chain's identity stays as it is. Writes the key to a \
            new file, and then the configuration anew. The replicas refuse the listener until each was started again with the new \
            configuration, one after the other.
            """
    )

    @Option(help: "The configuration of the cluster; it is changed.")
    var config: String

    @Option(help: "Where the listener will listen: HOST:PORT, or [ADDRESS]:PORT.")
    var address: String

    @Option(help: "The directory for the listener's key. (default: that of the configuration)")
    var output: String?

    func run() throws {
        guard let place = NetworkAddress(address) else {
            throw Failure(
                .usage,
                "--address is \(Failure.quoted(address))",
                advice: "give the machine and the port of the listener, as in 10.0.0.9:7000"
            )
        }
        let cluster = try ClusterConfiguration.read(config)
        let beside = (config as NSString).deletingLastPathComponent
        let directory = output ?? (beside.isEmpty ? "." : beside)
        let listener = try NewListener(joining: cluster, at: place, file: config) { id in
            !FileManager.default.fileExists(atPath: "\(directory)/\(NewCluster.keyName(id))")
        }
        let key = try listener.write(keyIn: directory, configuration: config)
        StandardStream.output.line(
            """
            listener \(listener.key.id) of chain "\(cluster.name)" \(cluster.genesis.chain.short)…, at \(place)
            \(key) is for the listener alone; keep it secret
            \(config) has it now: give it to all replicas, and start each again, one after the other
            """
        )
    }
}
