import Foundation
import Testing

/// What the compiler must refuse: statements that nobody released, and content that nobody verified.
@Suite("The compiler")
struct InaccessibleTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("accepts the module with a file that uses what is offered")
    func control() throws {
        let outcome = try compile(
            """
            func view(_ released: Released, _ vote: Verified<Vote>) -> View { max(released.view, vote.content.statement.view) }
            """
        )
        #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test("refuses a statement that did not pass through the outbox, and content that was not checked")
    func forgeries() throws {
        let contents = [
            "Vote", "Timeout", "Proposal", "Block", "QuorumCertificate", "TimeoutCertificate", "CertificatePair",
            "BlockResponse",
        ]
        let lines = contents.map {
            "let forge\($0): (\($0), Epoch) -> Verified<\($0)> = Verified<\($0)>.init(_:epoch:)"
        }
        let outcome = try compile(
            (["func forge(_ message: Message) -> Released { Released(message) }"] + lines).joined(separator: "\n")
        )
        #expect(outcome.status != 0)
        let errors = outcome.text.split(separator: "\n").filter { $0.contains("Extra.swift:") && $0.contains("error:") }
        for (line, type) in (["Released"] + contents.map { _ in "Verified<Content>" }).enumerated() {
            #expect(
                errors.contains {
                    $0.contains("Extra.swift:\(line + 1):") && $0.contains("\(type)")
                        && $0.contains("initializer is inaccessible due to 'fileprivate' protection level")
                },
                "line \(line + 1): \(outcome.text)"
            )
        }
    }

    /// Checks the types of the whole module with one more file in it.
    private func compile(_ source: String) throws -> (status: Int32, text: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hotstuff-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let extra = folder.appendingPathComponent("Extra.swift")
        try source.write(to: extra, atomically: true, encoding: .utf8)
        for module in ["Kernels", "BLAKE3"] {
            let interface = folder.appendingPathComponent("\(module).swiftmodule").path
            let outcome = try swiftc(
                ["-emit-module", "-module-name", module, "-emit-module-path", interface] + sources(module),
                in: folder
            )
            guard outcome.status == 0 else { return outcome }
        }
        return try swiftc(
            ["-typecheck", "-module-name", "HotStuff"] + sources("HotStuff") + [extra.path],
            in: folder
        )
    }

    private func sources(_ target: String) -> [String] {
        let folder = Self.root.appendingPathComponent("Sources/\(target)")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().map { folder.appendingPathComponent($0).path }
    }

    private func swiftc(_ arguments: [String], in folder: URL) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["swiftc", "-swift-version", "6", "-package-name", "hotstuff"]
            + ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"].flatMap {
                ["-enable-upcoming-feature", $0]
            }
            + ["-I", folder.path, "-I", Self.root.appendingPathComponent("Sources/CKernels/include").path]
            + arguments
        process.currentDirectoryURL = folder
        let log = folder.appendingPathComponent("log")
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOf: log, encoding: .utf8))
    }
}
