import HotStuffConfiguration
import Testing

/// Expects that some work fails, on one line, with a mistake of some kind and a text in it.
func expectError(_ kind: ConfigurationError.Kind, _ text: String, _ work: () throws -> Void) {
    do {
        try work()
        Issue.record("it should have failed with \(kind): \(text)")
    } catch let error as ConfigurationError {
        #expect(error.kind == kind, "\(error)")
        #expect(error.description.contains(text), "\(error)")
        #expect(error.description.contains("; "))
        #expect(!error.description.contains { $0.isNewline })
    } catch {
        Issue.record("another error: \(error)")
    }
}
