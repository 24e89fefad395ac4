import ArgumentParser
import Foundation
import HotStuffConfiguration

/// The program `hotstuff`.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hotstuff",
        abstract:
            "A replicated key-value store on a Byzantine fault-tolerant chain that a quantum computer cannot forge.",
        subcommands: [
            KeygenCommand.self, AddListenerCommand.self, RunCommand.self, SubmitCommand.self, DemoCommand.self,
            SimulateCommand.self,
            InspectCommand.self, VerifyCommand.self, RecoverCommand.self, BenchCommand.self,
        ]
    )

    /// Runs the command line and ends the process with the status that the command deserves.
    static func main() async {
        // A reader that goes away, as `head` does, must not end the process before it has cleaned up.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if doesWork(type(of: command)) { try KernelChoice.check(ProcessInfo.processInfo.environment) }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Whether this is one of our commands that do something; what shows help is none.
    private static func doesWork(_ command: any ParsableCommand.Type) -> Bool {
        func contains(_ parent: any ParsableCommand.Type) -> Bool {
            let children = parent.configuration.subcommands
            return children.isEmpty ? parent == command : children.contains(where: contains)
        }
        return contains(Program.self)
    }

    private static func end(with error: any Error) -> Never {
        switch error {
        case let failure as Failure:
            end(with: failure)
        case let error as ConfigurationError:
            end(with: Failure(error))
        case let code as ExitCode:
            Foundation.exit(code.rawValue)
        default:
            if exitCode(for: error) == .success {
                StandardStream.output.line(fullMessage(for: error))
                Foundation.exit(ProgramStatus.success.rawValue)
            }
            end(with: Failure(.usage, usageProblem(error), advice: "see \(helpCommand)"))
        }
    }

    private static func end(with failure: Failure) -> Never {
        StandardStream.error.line(failure.line)
        Foundation.exit(failure.status.rawValue)
    }

    /// What the parser of the command line says, without a capital letter and a full stop.
    private static func usageProblem(_ error: any Error) -> String {
        let text = message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        let sentence = text.hasSuffix(".") ? String(text.dropLast()) : text
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }

    private static var helpCommand: String {
        let names = configuration.subcommands.map { $0.configuration.commandName }
        guard let word = CommandLine.arguments.dropFirst().first, names.contains(word) else { return "hotstuff --help" }
        return "hotstuff \(word) --help"
    }
}
