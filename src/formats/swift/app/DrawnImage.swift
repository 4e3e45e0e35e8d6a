import CoreGraphics
import Foundation

/// Makes an example of a drawing, as the images of the data set were made: white on black, scaled so that its longer side
/// fits the box, its centre of mass in the middle.
enum DrawnImage {
    /// Of a stroke, as a share of the pad's side.
    static let lineWidth: CGFloat = 0.08

    /// - Parameter strokes: points from 0 to 1, from the top left corner of the pad.
    /// - Returns: pixels for the network, or nil where nothing is drawn.
    static func pixels(of strokes: [[CGPoint]], box: Int) -> Data? {
        let points = strokes.flatMap { $0 }
        guard
            let left = points.map(\.x).min(), let right = points.map(\.x).max(),
            let top = points.map(\.y).min(), let bottom = points.map(\.y).max()
        else { return nil }
        let ink = CGRect(x: left, y: top, width: right - left, height: bottom - top)
            .insetBy(dx: -lineWidth / 2, dy: -lineWidth / 2)
        let scale = CGFloat(box) / max(ink.width, ink.height)
        let middle = CGPoint(x: CGFloat(NetworkSettings.imageWidth) / 2, y: CGFloat(NetworkSettings.imageHeight) / 2)
        var place = CGPoint(x: middle.x - ink.midX * scale, y: middle.y - ink.midY * scale)
        let mass = centreOfMass(render(strokes, scale: scale, place: place), otherwise: middle)
        place.x += middle.x - mass.x
        place.y += middle.y - mass.y
        return Data(render(strokes, scale: scale, place: place))
    }

    /// Grey pixels, rows from the top.
    private static func render(_ strokes: [[CGPoint]], scale: CGFloat, place: CGPoint) -> [UInt8] {
        let (width, height) = (NetworkSettings.imageWidth, NetworkSettings.imageHeight)
        var pixels = [UInt8](repeating: 0, count: width * height)
        pixels.withUnsafeMutableBytes { memory in
            guard
                let context = CGContext(
                    data: memory.baseAddress,
                    width: width,
                    height: height,
                    bitsPerComponent: 8,
                    bytesPerRow: width,
                    space: CGColorSpaceCreateDeviceGray(),
                    bitmapInfo: CGImageAlphaInfo.none.rawValue
                )
            else { return }
            // Core Graphics counts from the bottom, the pad from the top.
            context.translateBy(x: 0, y: CGFloat(height))
            context.scaleBy(x: 1, y: -1)
            context.translateBy(x: place.x, y: place.y)
            context.scaleBy(x: scale, y: scale)
            context.setStrokeColor(gray: 1, alpha: 1)
            context.setLineWidth(lineWidth)
            context.setLineCap(.round)
            context.setLineJoin(.round)
            for stroke in strokes {
                guard let first = stroke.first else { continue }
                context.move(to: first)
                let rest = stroke.count == 1 ? [first] : Array(stroke.dropFirst())
                for point in rest {
                    context.addLine(to: point)
                }
                context.strokePath()
            }
        }
        return pixels
    }

    private static func centreOfMass(_ pixels: [UInt8], otherwise middle: CGPoint) -> CGPoint {
        var (mass, x, y) = (CGFloat(0), CGFloat(0), CGFloat(0))
        for (index, pixel) in pixels.enumerated() where pixel > 0 {
            let weight = CGFloat(pixel)
            mass += weight
            x += weight * (CGFloat(index % NetworkSettings.imageWidth) + 0.5)
            y += weight * (CGFloat(index / NetworkSettings.imageWidth) + 0.5)
        }
        return mass > 0 ? CGPoint(x: x / mass, y: y / mass) : middle
    }
}
