import HotStuff
import HotStuffTransport
import PostQuantum

/// What is checked of replicas and listeners alike.
enum NeighbourChecks {
    /// Checks that everybody has an address and a key which nobody else has, and that each key is one of the scheme.
    static func check(_ neighbours: [Peer], scheme: SignatureScheme, file: String) throws(ConfigurationError) {
        var addresses: [String: String] = [:]
        var keys: [[UInt8]: String] = [:]
        for neighbour in neighbours {
            let name = "\(neighbour.id.isListener ? "listener" : "replica") \(neighbour.id)"
            let address = NetworkAddress(host: neighbour.host, port: neighbour.port).description
            if let other = addresses.updateValue(name, forKey: address) {
                throw ConfigurationError(
                    .contradictory,
                    "\(other) and \(name) have the same address \(address) in \(file)",
                    advice: "give each its own host or port"
                )
            }
            if let other = keys.updateValue(name, forKey: neighbour.verificationKey) {
                throw ConfigurationError(
                    .contradictory,
                    "\(other) and \(name) have the same publicKey in \(file)",
                    advice: "give each the key of its own key file"
                )
            }
            do {
                _ = try scheme.makeVerifier(key: neighbour.verificationKey)
            } catch {
                throw ConfigurationError(
                    .malformed,
                    "the publicKey of \(name) is no key of \(scheme) in \(file): \(error)",
                    advice: "copy it again from the key file of \(name)"
                )
            }
        }
    }
}
