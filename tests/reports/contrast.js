// Returns every text whose colour stands out too little from what is behind it, as WCAG 2.2 (1.4.3) computes it.
const numbers = colour => { const all = colour.match(/[\d.]+/g).map(Number); return all.length < 4 ? [...all, 1] : all; };
const over = (front, back) => [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
const linear = part => part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4;
const luminance = colour => 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);

function behind(element) {
  const layers = [];
  for (let each = element; each; each = each.parentElement) {
    layers.push(numbers(getComputedStyle(each).backgroundColor));
  }
  return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
}

// In a picture the last shape that was drawn before the text and reaches behind its middle is its background.
function painted(text) {
  const box = text.getBoundingClientRect();
  const x = box.x + box.width / 2, y = box.y + box.height / 2;
  let back = behind(text.ownerSVGElement);
  for (const shape of text.ownerSVGElement.querySelectorAll("rect, circle")) {
    const around = shape.getBoundingClientRect();
    const drawn = text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING;
    const fill = getComputedStyle(shape).fill;
    if (drawn && fill !== "none" && around.left <= x && x <= around.right && around.top <= y && y <= around.bottom) {
      back = over(numbers(fill), back);
    }
  }
  return back;
}

const found = [];
let looked = 0;
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.data.trim(), element = walk.currentNode.parentElement;
  const box = element.getBoundingClientRect();
  if (!text || !element.checkVisibility() || box.width <= 1 || ["title", "desc"].includes(element.localName)) continue;
  const style = getComputedStyle(element), svg = element.ownerSVGElement;
  const back = svg ? painted(element) : behind(element);
  const front = over(numbers(svg ? style.fill : style.color), back);
  const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const ratio = (high + 0.05) / (low + 0.05);
  looked += 1;
  if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} ${text.slice(0, 60)} (${element.className.baseVal ?? element.className})`);
}
return [looked, [...new Set(found)]];
