import ArgumentParser
import HotStuffConfiguration
import PostQuantum

/// How the replicas of a chain sign, as the command line says it.
enum SignatureOption: String, ExpressibleByArgument, CaseIterable {
    case mlDSA44 = "ml-dsa-44"
    case mlDSA65 = "ml-dsa-65"

    /// The same for the chain.
    var scheme: SignatureScheme {
        switch self {
        case .mlDSA44: .mlDSA44
        case .mlDSA65: .mlDSA65
        }
    }
}

/// Whose code signs for a replica, as the command line says it.
enum SignerOption: String, ExpressibleByArgument, CaseIterable {
    /// This package's own code.
    case hotstuff
    /// swift-crypto's.
    case swiftCrypto = "swift-crypto"

    /// The signer of a key file.
    func signer(of key: KeyFile, in configurationFile: String) throws(Failure) -> any Signer {
        switch self {
        case .hotstuff: return key.signer
        case .swiftCrypto:
            do {
                return try key.scheme.makeSigner(seed: key.seed, implementation: .swiftCrypto)
            } catch {
                throw Failure(
                    .usage,
                    "--signer is swift-crypto, and \(configurationFile) wants \(key.scheme): \(error)",
                    advice: "leave --signer out, or found the chain with keygen --signature ml-dsa-65"
                )
            }
        }
    }
}
