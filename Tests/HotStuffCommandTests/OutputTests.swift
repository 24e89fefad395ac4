import ConfigurationKit
import Foundation
import HotStuff
import HotStuffClient
import HotStuffConfiguration
import HotStuffReplica
import Logging
import Testing

@testable import HotStuffCommand

@Suite("What is printed")
struct OutputTests {
    @Test("a failure is one line without control characters, whatever it quotes")
    func failureLine() {
        let failure = Failure(.data, "a\nb\u{1B}[31mc\u{2028}d\u{202E}e\u{9B}f", advice: "go\ron")
        #expect(failure.line == "hotstuff: a b [31mc d e f; go on")
        #expect(Failure.quoted(String(repeating: "x", count: 500)).count == 63)
    }

    @Test("a log message is one line, as text and as JSON")
    func logLines() throws {
        let metadata: Logger.Metadata = ["peer": "3", "reason": "a \"b\"\nc", "empty": ""]
        func line(_ format: LineLogHandler.Format) -> String {
            LineLogHandler.line(format, time: "T", level: .warning, message: "lost\nit", metadata: metadata)
        }
        #expect(line(.text) == #"T warning lost it empty="" peer=3 reason="a \"b\"\nc""#)
        let json = try JSONParser.parse(Array(line(.json).utf8))
        #expect(json["message"] == .string("lost\nit"))
        #expect(json["metadata.reason"] == .string("a \"b\"\nc"))
        #expect(!line(.json).contains("\n"))
    }

    @Test("a log time is in UTC with milliseconds")
    func timestamp() {
        #expect(LineLogHandler.timestamp(Date(timeIntervalSince1970: 1_700_000_000.25)) == "2023-11-14T22:13:20.250Z")
    }

    @Test("a mistake in a file becomes a status of sysexits, in the same words")
    func configurationErrors() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: ConfigurationError.self) { try KeyFile.read(folder.file("key.json")) }
        #expect(Failure(try #require(missing)).status == .noInput)
        let open = try folder.write("key.json", "", mode: 0o644)
        let error = try #require(#expect(throws: ConfigurationError.self) { try KeyFile.read(open) })
        #expect(Failure(error).status == .noPermission)
        #expect(Failure(error).line == "hotstuff: \(error)")
    }

    @Test("a replica's end becomes a status by what an operator can do about it")
    func replicaStops() {
        func failure(_ stop: ReplicaStop) -> Failure? { Failure(stop, of: ReplicaID(3)) }
        #expect(failure(.requested) == nil)
        #expect(failure(.halted("x"))?.status == .software)
        #expect(failure(.failed("x"))?.status == .inputOutput)
        let signer = failure(.signerFailed("the message could not be signed"))
        #expect(signer?.status == .software)
        #expect(
            signer?.line
                == "hotstuff: replica 3 failed: its key made no signature: the message could not be signed; "
                + "check the memory and the processor of this machine, then start it again"
        )
    }

    @Test("a client's errors become statuses by what a script can do about them")
    func clientErrors() {
        #expect(Failure(.noReplicaReachable([]), command: "get a").status == .unavailable)
        #expect(
            Failure(.timedOut(confirmed: VotingPower(1), needed: VotingPower(2)), command: "get a").status
                == .unavailable
        )
        #expect(Failure(.tooLong, command: "get a").status == .data)
        #expect(Failure(.sessionLost(.unknownSession), command: "get a").status == .temporary)
        #expect(Failure(.cancelled, command: "get a").status == .temporary)
    }
}
