package import HotStuffConfiguration

extension JSONValue {
    /// The value with one part replaced, or removed; numbers in the path are places in lists.
    package func changing(_ path: String, to value: JSONValue?) -> JSONValue {
        changing(path.split(separator: ".").map(String.init)[...], to: value)
    }

    private func changing(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
        guard let name = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var members):
            members[name] = rest.isEmpty ? value : members[name]?.changing(rest, to: value)
            return .object(members)
        case .list(var values):
            guard let index = Int(name) else { return self }
            if let value = rest.isEmpty ? value : values[index].changing(rest, to: value) {
                values[index] = value
            } else {
                values.remove(at: index)
            }
            return .list(values)
        case .null, .boolean, .integer, .number, .string: return self
        }
    }

    /// A part of the value.
    package subscript(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(self as JSONValue?) { value, name in
            switch value {
            case .object(let members): members[String(name)]
            case .list(let values): Int(name).flatMap { values.indices.contains($0) ? values[$0] : nil }
            case .null, .boolean, .integer, .number, .string, nil: nil
            }
        }
    }
}
