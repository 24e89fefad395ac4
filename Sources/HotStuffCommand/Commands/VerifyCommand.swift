import ArgumentParser
import Foundation
import HotStuff
import HotStuffConfiguration
import HotStuffReplica
import HotStuffStorage

/// `hotstuff verify`: audits the chain in a data directory.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Audit the whole chain in a data directory: every block, certificate, signature and snapshot.",
        discussion: """
            Every block must extend the one below, fit its own header, be proposed by the leader of its view and carry a valid certificate of \
            its parent; every signature is verified. The journal is read whole, and so are the snapshots. Commands are not executed again. \
            Nothing is written. Ends with status 0 if all is whole, and with 1 if not: then the first fault is named with its height and file. \
            What a running replica, or one that was killed, was just writing at the end of its files is no fault.
            """
    )

    @Option(help: "The directory of the replica.")
    var dataDir: String

    @Option(help: "The configuration of the cluster.")
    var config: String

    @OptionGroup var work: ProofOfWorkOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let cluster = try work.applied(to: try ClusterConfiguration.read(config), file: config)
        let disk = try DataFolder.open(dataDir)
        let report = try Verification(directory: dataDir, config: config, cluster: cluster, isQuiet: json).run(on: disk)
        StandardStream.output.line(json ? report.json.compactText : report.text)
        guard let failure = report.failure else { return }
        throw json ? ExitCode(ProgramStatus.no.rawValue) : failure
    }
}
