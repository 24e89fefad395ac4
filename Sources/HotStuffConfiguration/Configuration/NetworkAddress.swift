/// Where a replica listens: a machine and a TCP port.
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
        guard ReplicaEntry.isHost(String(host)) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Host and port as people write them.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads the members `host` and `port` of an entry.
    static func read(_ members: JSONMembers) throws(ConfigurationError) -> (host: String, port: Int) {
        let host = try members.text("host")
        guard ReplicaEntry.isHost(host) else {
            throw ConfigurationError(
                .malformed,
                "\(members.name("host")) is \(PrintableText.quoted(host)) in \(members.file)",
                advice: "the name or address of a machine belongs there"
            )
        }
        return (host, try members.integer("port", in: 1...65_535))
    }
}
