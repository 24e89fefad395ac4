/// A measurement with a line of progress, which is cleared however it ends.
enum Measurement {
    /// Carries it out; what nobody foresaw is our own fault.
    ///
    /// Whoever interrupts it finds nothing left of it: no process, no folder.
    static func run<Result>(_ progress: ProgressLine, _ body: () async throws -> Result) async throws(Failure) -> Result
    {
        Interruption.watch { progress.clear() }
        defer { progress.clear() }
        do {
            return try await body()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.software, "the measurement failed: \(error)", advice: "report this")
        }
    }
}
