import type { Page } from 'playwright-core';

/** What a screen reader would find wanting: fields and buttons without a name, doubled ids, headings, landmarks. */
export const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const faults = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    for (const field of all('input, select')) if (!field.labels?.length) faults.push('no label: ' + field.name);
    for (const one of all('button, a')) if (!(one.ariaLabel || one.textContent.trim())) faults.push('no name');
    const ids = all('[id]').map(({ id }) => id);
    for (const id of ids) if (ids.filter((other) => other === id).length > 1) faults.push('twice: ' + id);
    if (all('h1').length !== 1) faults.push('headings: ' + all('h1').length);
    if (all('main').length !== 1 || all('body > div > div > header').length !== 1) faults.push('landmarks');
    for (const table of all('table')) if (!table.caption) faults.push('a table without a caption');
    for (const svg of all('svg')) if (svg.getAttribute('role') !== 'img' && svg.ariaHidden !== 'true') faults.push('a drawing without a role');
    if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the window');
    return faults;
  })()`);

/** Contrast of each text with what is behind it (WCAG 2.2, 1.4.3), where it is below 4.5. */
export const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const rgb = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const color = rgb(getComputedStyle(at).backgroundColor);
        if (color.length === 3 || color[3] > 0) return color;
      }
      return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255];
    };
    return [...document.querySelectorAll('body *')].flatMap((node) => {
      const says = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
      if (!says || node.closest('script, noscript, title')) return [];
      const style = getComputedStyle(node);
      const [a, b] = [light(rgb(node.closest('svg') ? style.fill : style.color)), light(behind(node))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? [ratio.toFixed(1) + ' ' + node.textContent.trim().slice(0, 40)] : [];
    });
  })()`);
