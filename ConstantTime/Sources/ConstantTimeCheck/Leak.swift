internal import CMemcheck

/// Leaks on purpose, which memcheck must report; if it did not, its silence about the signer would mean nothing.
enum Leak {
    /// Branches on a secret.
    static func branch() {
        let secret = makeSecret()
        if secret[0] > 7 { print("a secret above 7") }
    }

    /// Reads from an address that depends on a secret.
    static func address() {
        let secret = makeSecret()
        let table: [UInt8] = Array(0...255)
        table.withUnsafeBufferPointer { entries in
            guard let address = entries.baseAddress else { return }
            [address[Int(secret[0])]].makePublic()
        }
    }

    private static func makeSecret() -> [UInt8] {
        let secret = [UInt8](repeating: UInt8.random(in: 0...9), count: 32)
        secret.makeSecret()
        return secret
    }
}
