import PostQuantum
import Testing

@Suite("Secrets")
struct SecretBytesTests {
    @Test("a secret gives its bytes only when asked to reveal them")
    func reveal() {
        let bytes: [UInt8] = Array(0..<32)
        let secret = SecretBytes(bytes)
        #expect(secret.reveal() == bytes)
        #expect(secret.count == 32)
        #expect(secret == SecretBytes(bytes))
        #expect(secret != SecretBytes(Array(1..<33)))
        #expect(secret != SecretBytes(Array(0..<31)))
    }

    @Test("printing, debugging and dumping a secret show its length only")
    func redaction() {
        let secret = SecretBytes([UInt8](repeating: 0xA7, count: 32))
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
            #expect(text.contains("secret of 32 bytes"))
            #expect(!text.contains("167"))
            #expect(!text.lowercased().contains("a7"))
        }
    }

    @Test("random secrets have the length asked for and do not repeat")
    func random() {
        #expect(SecretBytes.random(count: 1).count == 1)
        #expect(SecretBytes.random(count: 48).count == 48)
        #expect(SecretBytes.random(count: 32) != SecretBytes.random(count: 32))
    }
}
