import Foundation

/// TCP ports of the loopback interface on which nobody listens.
package enum FreePorts {
    /// Below the ports that systems lend to outgoing connections, so that no dialler takes one while its replica is down.
    private static let range = 20_000..<32_000

    /// Some different ports, drawn at random.
    package static func draw(_ count: Int) throws(ConfigurationError) -> [Int] {
        var ports: Set<Int> = []
        for _ in 0..<4_096 where ports.count < count {
            let port = Int.random(in: range)
            if isFree(port) { ports.insert(port) }
        }
        guard ports.count == count else {
            throw ConfigurationError(
                .noPorts,
                "there are no \(count) free ports on 127.0.0.1",
                advice: "stop other programs"
            )
        }
        return ports.sorted()
    }

    private static func isFree(_ port: Int) -> Bool {
        #if canImport(Darwin)
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
