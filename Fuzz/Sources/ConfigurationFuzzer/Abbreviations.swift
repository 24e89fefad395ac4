internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffConfiguration
internal import PostQuantum

/// Long values that no fuzzer would find, each for one byte that stands nowhere in UTF-8.
///
/// 0xF8 to 0xFB are the public keys of four replicas and 0xFC to 0xFE the seeds of the first three, in base64; 0xFF is the
/// identity of their chain.
enum Abbreviations {
    /// The keys of four replicas.
    static let publicKeys: [[UInt8]] = keys.map(\.publicKey)

    /// A cluster of them.
    static let cluster: ClusterConfiguration = {
        do {
            return try ClusterConfiguration(
                name: "fuzz",
                scheme: .mlDSA44,
                parameters: ChainParameters(),
                settings: ConsensusSettings(),
                replicas: publicKeys.enumerated().map { index, key in
                    ReplicaEntry(
                        id: ReplicaID(UInt16(index)),
                        host: "h\(index)",
                        port: 7_000,
                        votingPower: VotingPower(1),
                        publicKey: key
                    )
                },
                file: "nothing"
            )
        } catch {
            fail("there is no cluster: \(error)")
        }
    }()

    /// The text that an input stands for.
    static func expand(_ input: [UInt8]) -> [UInt8] {
        input.flatMap { byte in byte < 0xF8 ? [byte] : values[Int(byte) - 0xF8] }
    }

    private static let keys: [KeyFile] = {
        do {
            return try (0..<4).map { index in
                try KeyFile(
                    id: ReplicaID(UInt16(index)),
                    chain: .zero,
                    scheme: .mlDSA44,
                    seed: SecretBytes([UInt8](repeating: UInt8(index), count: 32))
                )
            }
        } catch {
            fail("there are no keys: \(error)")
        }
    }()

    private static let values: [[UInt8]] =
        keys.map { base64($0.publicKey) } + keys.prefix(3).map { base64($0.seed.reveal()) }
        + [Array(cluster.genesis.chain.description.utf8)]

    /// Base64 by its definition (RFC 4648, section 4), for the room's own is what is tried here.
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start...].prefix(3)
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...3 {
                text.append(place <= group.count ? letters[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return text
    }
}
