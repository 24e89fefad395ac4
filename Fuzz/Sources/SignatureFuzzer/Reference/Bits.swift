/// Numbers of a fixed number of bits, one behind the other, low bits first (FIPS 204, algorithms 16 and 17).
enum Bits {
    static func pack(_ numbers: [Int], bitCount: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: numbers.count * bitCount / 8)
        for (index, number) in numbers.enumerated() {
            for bit in 0..<bitCount where number >> bit & 1 == 1 {
                let position = index * bitCount + bit
                bytes[position / 8] |= 1 << UInt8(position % 8)
            }
        }
        return bytes
    }
}
