import HotStuffStorage
import Testing

@testable import HotStuffCommand

@Suite("The progress of an audit")
struct VerificationProgressTests {
    @Test("tells blocks, how many in a second, and how long the rest of the bytes takes")
    func text() {
        let progress = AuditProgress(blocks: 30_000, bytes: 25, totalBytes: 100)
        #expect(
            VerificationProgress.text(progress, seconds: 2) == "30,000 blocks, 15,000 blocks/s, 25 %, 6 s left"
        )
        let first = AuditProgress(blocks: 0, bytes: 0, totalBytes: 100)
        #expect(VerificationProgress.text(first, seconds: 0) == "0 blocks, 0 blocks/s")
    }

    @Test("lines of names and values stand below each other, and what they quote has no control characters")
    func aligned() {
        var lines = AlignedLines()
        lines.add("a", "one")
        lines.add("longer", "two\u{1B}[31m")
        lines.add("", "three")
        #expect(lines.text == "a       one\nlonger  two [31m\n        three")
    }

    @Test("what is counted is one or many", arguments: [(0, "0 files"), (1, "1 file"), (2_000, "2,000 files")])
    func counts(value: Int, text: String) {
        #expect(Figures.count(value, "file") == text)
    }
}
