import HotStuffConfiguration
import Kernels
import PostQuantum

/// What `hotstuff bench crypto` measured, all in one run.
struct CryptoReport: Equatable, Sendable {
    /// Signatures.
    let signatures: [SignatureBenchmark.Row]
    /// Hashes.
    let hashes: [HashBenchmark.Row]
    /// Certificates.
    let certificates: [CertificateBenchmark.Row]
    /// Attempts at puzzles.
    let work: [WorkBenchmark.Row]

    /// The report as JSON.
    var json: JSONValue {
        .object([
            "certificates": .list(certificates.map(json)),
            "hashes": .list(hashes.map(json)),
            "signatures": .list(signatures.map(json)),
            "work": .list(
                work.map {
                    .object([
                        "millionsPerSecond": .rounded($0.millionsPerSecond), "threads": .integer(UInt64($0.threads)),
                    ])
                }
            ),
        ])
    }

    /// swift-crypto's times of ML-DSA-65, to which all others are compared.
    private var reference: SignatureBenchmark.Row? { signatures.first { $0.implementation == .swiftCrypto } }

    /// SHA-256 on inputs of a length.
    private func reference(bytes: Int) -> HashBenchmark.Row? {
        hashes.first { $0.algorithm == HashBenchmark.reference && $0.bytes == bytes }
    }

    private func json(_ row: SignatureBenchmark.Row) -> JSONValue {
        var members: [String: JSONValue] = [
            "kernel": .string("\(row.implementation)"),
            "keygenMicroseconds": .rounded(row.keygenMicroseconds),
            "set": .string(row.scheme.rawValue),
            "signMicroseconds": .rounded(row.signMicroseconds),
            "verifyMicroseconds": .rounded(row.verifyMicroseconds),
            "verifyPreparedMicroseconds": .rounded(row.verifyPreparedMicroseconds),
        ]
        if let reference {
            members["timesSwiftCryptoSign"] = .rounded(reference.signMicroseconds / row.signMicroseconds)
            members["timesSwiftCryptoVerifyPrepared"] = .rounded(
                reference.verifyPreparedMicroseconds / row.verifyPreparedMicroseconds
            )
        }
        return .object(members)
    }

    private func json(_ row: HashBenchmark.Row) -> JSONValue {
        var members: [String: JSONValue] = [
            "algorithm": .string(row.algorithm),
            "bytes": .integer(UInt64(row.bytes)),
            "gigabytesPerSecond": .rounded(row.gigabytesPerSecond),
            "kernel": .string(row.kernel),
        ]
        if let reference = reference(bytes: row.bytes) {
            members["timesSHA256"] = .rounded(row.gigabytesPerSecond / reference.gigabytesPerSecond)
        }
        return .object(members)
    }

    private func json(_ row: CertificateBenchmark.Row) -> JSONValue {
        .object([
            "kernel": .string(Kernel.preferred.rawValue),
            "microseconds": .rounded(row.microseconds),
            "quorum": .integer(UInt64(row.quorum)),
            "replicas": .integer(UInt64(row.replicas)),
            "set": .string(row.scheme.rawValue),
            "threads": .integer(UInt64(row.threads)),
        ])
    }
}

extension CryptoReport {
    /// The report as tables for people.
    var text: String {
        [signatureTable, hashTable, certificateTable, workTable].map(\.text).joined(separator: "\n\n")
    }

    private func ratio(_ value: Double?) -> String { value.map { Figures.decimal($0, digits: 1) + "x" } ?? "" }

    private var signatureTable: TextTable {
        TextTable(
            header: ["signatures", "kernel", "sign", "verify", "verify, new key", "key", "sign", "verify"],
            note:
                "microseconds; the last two columns against swift-crypto's ml-dsa-65; signing includes a verification",
            rows: signatures.map { row in
                let times = [
                    row.signMicroseconds, row.verifyPreparedMicroseconds, row.verifyMicroseconds,
                    row.keygenMicroseconds,
                ]
                return [row.scheme.rawValue, "\(row.implementation)"] + times.map { Figures.decimal($0, digits: 1) }
                    + [
                        ratio(reference.map { $0.signMicroseconds / row.signMicroseconds }),
                        ratio(reference.map { $0.verifyPreparedMicroseconds / row.verifyPreparedMicroseconds }),
                    ]
            }
        )
    }

    private var hashTable: TextTable {
        TextTable(
            header: ["hashes", "kernel", "bytes", "GB/s", "SHA-256"],
            note: "blake3-many hashes 64 inputs at once; the last column against SHA-256 of swift-crypto",
            rows: hashes.map { row in
                let reference = reference(bytes: row.bytes)
                return [
                    row.algorithm, row.kernel, Figures.count(row.bytes),
                    Figures.decimal(row.gigabytesPerSecond, digits: 2),
                    reference.map { Figures.decimal(row.gigabytesPerSecond / $0.gigabytesPerSecond, digits: 2) + "x" }
                        ?? "",
                ]
            }
        )
    }

    private var workTable: TextTable {
        TextTable(
            header: ["work", "threads", "millions/s"],
            note:
                "attempts at a puzzle of proof of work, by threads of the lowest priority; kernel \(Kernel.preferred)",
            rows: work.map { ["attempts", "\($0.threads)", Figures.decimal($0.millionsPerSecond, digits: 1)] }
        )
    }

    private var certificateTable: TextTable {
        TextTable(
            header: ["certificates", "replicas", "quorum", "threads", "microseconds"],
            note: "every signature of a quorum certificate, none of them known before; kernel \(Kernel.preferred)",
            rows: certificates.map { row in
                [
                    row.scheme.rawValue, "\(row.replicas)", "\(row.quorum)", "\(row.threads)",
                    Figures.decimal(row.microseconds, digits: 0),
                ]
            }
        )
    }
}
