/** What a person does in n8n's editor, by the names that n8n's pages give to their parts. */
import type { BrowserContext, Locator, Page } from 'playwright-core';

import { owner } from '../api';

/** What is read of an element inside the page, whose types are not those of this process. */
interface PageElement {
	readonly innerText: string;
	/** An image's own width, 0 until it is drawn. */
	readonly naturalWidth?: number;
	closest(selector: string): PageElement | null;
	querySelector(selector: string): PageElement | null;
	querySelectorAll(selector: string): Iterable<PageElement>;
}

export class Editor {
	constructor(
		readonly context: BrowserContext,
		readonly page: Page,
		private readonly url: string,
	) {}

	part(testId: string): Locator {
		return this.page.getByTestId(testId);
	}

	async goTo(path: string): Promise<void> {
		await this.page.goto(`${this.url}/${path}`);
	}

	/** The page that a new n8n shows to the first person who comes. */
	async setUpOwner(): Promise<void> {
		await this.goTo('');
		await this.page.waitForURL('**/setup');
		for (const name of ['email', 'firstName', 'lastName', 'password'] as const) {
			await this.page.locator(`input[name="${name}"]`).fill(owner[name]);
		}
		await this.part('form-submit-button').click();
		await this.page.waitForURL((address) => !address.pathname.endsWith('/setup'));
	}

	async signIn(): Promise<void> {
		await this.goTo('signin');
		await this.page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
		await this.page.locator('input[name="password"]').fill(owner.password);
		await this.part('form-submit-button').click();
		await this.page.waitForURL((address) => !address.pathname.endsWith('/signin'));
	}

	/** Settings > Community nodes > Install. */
	async installPackage(name: string): Promise<void> {
		await this.goTo('settings/community-nodes');
		await this.page.getByRole('button', { name: 'Install a community node' }).click();
		await this.part('package-name-input')
			.locator('input')
			.or(this.part('package-name-input'))
			.last()
			.fill(name);
		await this.part('user-agreement-checkbox').click();
		await this.part('install-community-package-button').click();
	}

	/** Opens the form of a new credential. */
	async newCredential(type: string): Promise<Locator> {
		await this.goTo('home/credentials/create');
		await this.part('new-credential-type-select').locator('input').click();
		await this.page.keyboard.type(type);
		await this.page.getByRole('option', { name: type, exact: true }).click();
		await this.part('new-credential-type-button').click();
		return this.part('editCredential-modal');
	}

	async openWorkflow(id: string): Promise<void> {
		await this.goTo(`workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Through the menu of the workflow, by the names of its entries. */
	async importFile(entries: readonly string[], file: string): Promise<void> {
		await this.part('workflow-menu').click();
		const entry = (name: string) => this.page.getByRole('menuitem', { name, exact: true });
		for (const name of entries.slice(0, -1)) await entry(name).click();
		const [chooser] = await Promise.all([
			this.page.waitForEvent('filechooser'),
			entry(entries.at(-1)!).click(),
		]);
		await chooser.setFiles(file);
		await this.part('canvas-node').first().waitFor();
	}

	/** The button at the top, and the one of the dialog that it opens. */
	async publish(name: string): Promise<void> {
		await this.page.getByRole('button', { name, exact: true }).first().click();
		const dialog = this.part('workflowPublish-modal');
		await dialog.getByRole('button', { name, exact: true }).click();
		await dialog.waitFor({ state: 'hidden' });
	}

	/** The nodes panel behind the plus, with what the search finds. */
	async searchNodes(text: string): Promise<void> {
		await this.part('node-creator-plus-button').click();
		await this.part('node-creator-search-bar').fill(text);
	}

	/** Adds a node behind the last one, by one of its actions; its parameters are open afterwards. */
	async addAction(node: string, action: string): Promise<void> {
		await this.part('canvas-handle-plus').last().click();
		await this.part('node-creator-search-bar').fill(node);
		await this.page.getByText(node, { exact: true }).click();
		await this.part('node-creator-item-name').filter({ hasText: action }).first().click();
		await this.part('ndv').waitFor();
	}

	/** What the nodes panel lists, each with the width that its icon has when it is drawn. */
	async listedNodes(): Promise<Array<{ name: string; iconWidth: number }>> {
		return await this.part('node-creator-item-name').evaluateAll((found: unknown) =>
			(found as PageElement[]).map((name) => {
				const item = name.closest('[data-test-id="item-iterator-item"]');
				const iconWidth = item?.querySelector('img')?.naturalWidth ?? 0;
				return { name: name.innerText.trim(), iconWidth };
			}),
		);
	}

	field(name: string): Locator {
		return this.part(`parameter-input-${name}`).locator('input, textarea').first();
	}

	async fill(name: string, value: string): Promise<void> {
		await this.field(name).fill(value);
	}

	/** A folder that is named by its path. */
	async fillPath(name: string, path: string): Promise<void> {
		const locator = this.part(`resource-locator-${name}`);
		await locator.getByTestId('rlc-mode-selector').click();
		await this.part('mode-path').click();
		await locator
			.getByTestId('rlc-input')
			.locator('input')
			.or(locator.getByTestId('rlc-input'))
			.last()
			.fill(path);
	}

	async choose(name: string, option: string): Promise<void> {
		await this.part(`parameter-input-${name}`).locator('input').first().click();
		await this.page.getByRole('option', { name: option }).click();
	}

	async openNode(name: string): Promise<void> {
		await this.part('canvas-node').filter({ hasText: name }).first().dblclick();
		await this.part('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
	}

	async execute(): Promise<void> {
		await this.part('execute-workflow-button').click();
	}

	/** What somebody writes into the editor's own chat, with a file. */
	async say(text: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
		await this.part('workflow-chat-button').click();
		const chat = this.part('canvas-chat');
		const [chooser] = await Promise.all([
			this.page.waitForEvent('filechooser'),
			chat.getByTestId('chat-attach-file-button').click(),
		]);
		await chooser.setFiles(file);
		await chat.locator('textarea').fill(text);
		await chat.locator('.chat-input-send-button').click();
	}

	async stopExecution(): Promise<void> {
		await this.part('stop-execution-button').click();
	}

	/** The message about the end of an execution covers a part of the page for some seconds. */
	async toastIsGone(): Promise<void> {
		const toast = this.page.getByText('Workflow executed successfully');
		await toast.waitFor({ state: 'hidden' });
	}

	/** Instead of cards, which name folders of this machine. */
	async showInputTable(): Promise<void> {
		await this.part('ndv-input-panel').getByTestId('radio-button-table').click();
	}

	/** What the open node says about its failure. */
	async failure(): Promise<{ message: string; description: string }> {
		const message = this.part('node-error-message');
		await message.waitFor();
		return {
			message: await message.innerText(),
			description: await this.part('node-error-description').innerText(),
		};
	}

	/** The rows of the open node's output. */
	async outputRows(): Promise<string[][]> {
		const panel = this.part('output-panel');
		await panel.getByTestId('radio-button-table').click();
		const rows = panel.locator('table tbody tr');
		await rows.first().waitFor();
		return await rows.evaluateAll((found: unknown) =>
			(found as PageElement[]).map((row) =>
				[...row.querySelectorAll('td')].map((cell) => cell.innerText.trim()),
			),
		);
	}
}
