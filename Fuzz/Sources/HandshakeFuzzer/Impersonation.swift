internal import FuzzKit
internal import HotStuff
internal import PostQuantum

/// A way to sign for a replica, with its key or without.
struct Impersonation: Signer {
    let verificationKey: VerificationKey
    private let forge: @Sendable (_ message: [UInt8], _ context: [UInt8]) throws(SigningError) -> [UInt8]

    /// Signs as the way says.
    func sign(_ message: [UInt8], context: [UInt8]) throws(SigningError) -> [UInt8] { try forge(message, context) }

    /// A way that an input chooses; all but the first are wrong.
    ///
    /// The second value says whether what is signed is what the replica itself would sign.
    static func choose(of replica: ReplicaID, _ input: inout ByteReader) -> (Impersonation, isGenuine: Bool) {
        let cast = Cast.standard
        let genuine = cast.signers[replica.index]
        switch input.byte() % 8 {
        case 0: return (by(genuine) { ($0, $1) }, true)
        case 1: return (by(cast.stranger) { ($0, $1) }, false)
        case 2:
            let other = Int(input.byte() % 4)
            return (by(cast.signers[other]) { ($0, $1) }, other == replica.index)
        case 3: return (by(genuine) { ($0, otherSide($1)) }, false)
        case 4:
            let context = input.bytes(Int(input.byte() % 40))
            return (by(genuine) { ($0, context == $1 ? [] : context) }, false)
        case 5:
            let place = input.number(below: 32)
            return (by(genuine) { message, context in (flipped(message, place), context) }, false)
        case 6:
            let place = input.number(below: cast.scheme.signatureByteCount)
            let impersonation = Impersonation(genuine) { (message, context) throws(SigningError) in
                flipped(try genuine.sign(message, context: context), place)
            }
            return (impersonation, false)
        default:
            let isWhole = input.byte() & 1 == 0
            let count = isWhole ? cast.scheme.signatureByteCount : input.number(below: 5_000)
            let bytes = input.bytes(count)
            return (Impersonation(genuine) { _, _ in bytes }, false)
        }
    }

    private init(
        _ claimed: any Signer,
        _ forge: @escaping @Sendable ([UInt8], [UInt8]) throws(SigningError) -> [UInt8]
    ) {
        verificationKey = claimed.verificationKey
        self.forge = forge
    }

    private static func by(
        _ signer: any Signer,
        _ change: @escaping @Sendable ([UInt8], [UInt8]) -> ([UInt8], [UInt8])
    ) -> Impersonation {
        Impersonation(signer) { (message, context) throws(SigningError) in
            let (message, context) = change(message, context)
            return try signer.sign(message, context: context)
        }
    }

    /// The context in which the other side of a handshake signs.
    private static func otherSide(_ context: [UInt8]) -> [UInt8] {
        let text = String(decoding: context, as: UTF8.self)
        let (dialling, answering) = ("hotstuff handshake initiator", "hotstuff handshake responder")
        require(text == dialling || text == answering, "a handshake signs in the context \(text)")
        return Array((text == dialling ? answering : dialling).utf8)
    }

    private static func flipped(_ bytes: [UInt8], _ place: Int) -> [UInt8] {
        var bytes = bytes
        bytes[place % bytes.count] ^= 1 << UInt8(place % 8)
        return bytes
    }
}
