/// Where a replica or a listener listens: a machine and a TCP port.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// The name or address of the machine.
    package let host: String
    /// The port.
    package let port: Int

    /// Creates an address.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads what people write: `host:port`, or `[address]:port` where the address has colons itself.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard NetworkAddress.isHost(String(host)) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Host and port as people write them.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether a text can be the name or address of a machine; whether the machine exists is for the transport to find out.
    package static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._:%".unicodeScalars.contains(scalar))
            }
    }

    /// Reads the members `host` and `port` of an entry.
    static func read(_ members: JSONMembers) throws(ConfigurationError) -> (host: String, port: Int) {
        let host = try members.text("host")
        guard NetworkAddress.isHost(host) else {
            throw ConfigurationError(
                .malformed,
                "\(members.name("host")) is \(PrintableText.quoted(host)) in \(members.file)",
                advice: "the name or address of a machine belongs there"
            )
        }
        return (host, try members.integer("port", in: 1...65_535))
    }
}
