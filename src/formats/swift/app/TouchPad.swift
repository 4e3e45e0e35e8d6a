import SwiftUI
import UIKit

/// Turns touches into strokes, with every point that the screen has measured. While a Pencil draws, and shortly after, the
/// hand that holds it draws nothing.
struct TouchPad: UIViewRepresentable {
    /// Points from 0 to 1, from the top left corner.
    @Binding var strokes: [[CGPoint]]

    func makeUIView(context: Context) -> TouchPadView {
        let view = TouchPadView(frame: .zero)
        // A Pencil is noticed beside a hand that rests already.
        view.isMultipleTouchEnabled = true
        return view
    }

    func updateUIView(_ view: TouchPadView, context: Context) {
        view.strokes = $strokes
    }
}

final class TouchPadView: UIView {
    /// Seconds after the Pencil has left in which other touches still are the hand that holds it.
    private static let handRests: TimeInterval = 1

    var strokes: Binding<[[CGPoint]]>?
    private var drawing: UITouch?
    private var pencilLeftAt = -TimeInterval.infinity

    override func touchesBegan(_ touches: Set<UITouch>, with event: UIEvent?) {
        guard let touch = touches.first(where: { $0.type == .pencil }) ?? touches.first, takes(touch) else { return }
        if drawing != nil {
            removeStroke()
        }
        drawing = touch
        strokes?.wrappedValue.append(points(of: touch, event))
    }

    override func touchesMoved(_ touches: Set<UITouch>, with event: UIEvent?) {
        guard let touch = drawing, touches.contains(touch) else { return }
        lengthen(points(of: touch, event))
    }

    override func touchesEnded(_ touches: Set<UITouch>, with event: UIEvent?) {
        guard let touch = drawing, touches.contains(touch) else { return }
        lengthen(points(of: touch, event))
        leave(touch)
    }

    /// The system takes a touch back, as it does with palms.
    override func touchesCancelled(_ touches: Set<UITouch>, with event: UIEvent?) {
        guard let touch = drawing, touches.contains(touch) else { return }
        removeStroke()
        leave(touch)
    }

    /// A Pencil takes the place of a hand; a hand never takes the place of anything.
    private func takes(_ touch: UITouch) -> Bool {
        if touch.type == .pencil {
            return drawing?.type != .pencil
        }
        return drawing == nil && touch.timestamp - pencilLeftAt > Self.handRests
    }

    private func leave(_ touch: UITouch) {
        drawing = nil
        if touch.type == .pencil {
            pencilLeftAt = touch.timestamp
        }
    }

    private func points(of touch: UITouch, _ event: UIEvent?) -> [CGPoint] {
        (event?.coalescedTouches(for: touch) ?? [touch]).map { one in
            let place = one.preciseLocation(in: self)
            return CGPoint(x: place.x / max(bounds.width, 1), y: place.y / max(bounds.height, 1))
        }
    }

    private func lengthen(_ points: [CGPoint]) {
        guard let strokes else { return }
        if strokes.wrappedValue.isEmpty {
            // The drawing was cleared in the middle of a stroke.
            strokes.wrappedValue.append(points)
        } else {
            strokes.wrappedValue[strokes.wrappedValue.count - 1] += points
        }
    }

    private func removeStroke() {
        _ = strokes?.wrappedValue.popLast()
    }
}
