-- What someone does in Neovim, after the set-up of docs/editors.md. Writes what they see as JSON, one line, to the file $SEEN.
local seen = {}
local patience = 20000

local function wait(what, is_there)
  if not vim.wait(patience, is_there, 10) then error("waited in vain for " .. what) end
end

local function lines(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), "\n") end

-- Moves the cursor into the word, `after` letters behind its first.
local function go_to(text, after)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.fn.search("\\V" .. text, "cW")
  local at = vim.api.nvim_win_get_cursor(0)
  vim.api.nvim_win_set_cursor(0, { at[1], at[2] + (after or 0) })
end

local function session()
  vim.opt.swapfile = false
  dofile(vim.env.SETUP)
  vim.cmd("edit main.flow")
  local buffer = vim.api.nvim_get_current_buf()

  -- A misspelt name is underlined.
  wait("diagnostics", function() return #vim.diagnostic.get(buffer) > 0 end)
  seen.diagnostics = {}
  for _, found in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(seen.diagnostics, { line = found.lnum, from = found.col, to = found.end_col, message = found.message, code = found.user_data.lsp.code })
  end

  -- It goes when the name is mended.
  go_to("ordrs")
  vim.cmd("normal! cworders")
  wait("no diagnostics", function() return #vim.diagnostic.get(buffer) == 0 end)

  -- Hover opens a window with the type and the documentation.
  go_to("from orders", 6)
  vim.lsp.buf.hover()
  local float
  wait("the hover's window", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then float = window end
    end
    return float ~= nil
  end)
  seen.hover = lines(vim.api.nvim_win_get_buf(float))
  vim.api.nvim_win_close(float, true)

  -- Completion, by the function behind the editor's own key.
  go_to("data.total", 5)
  local answers = vim.lsp.buf_request_sync(buffer, "textDocument/completion", vim.lsp.util.make_position_params(), patience)
  seen.fields = {}
  for _, answer in pairs(answers) do
    for _, item in ipairs(answer.result.items) do
      if item.label == "id" or item.label == "total" then table.insert(seen.fields, item.label) end
    end
  end
  table.sort(seen.fields)
  seen.omnifunc = vim.bo[buffer].omnifunc

  -- Definition leads into the imported file.
  go_to("Order {", 1)
  vim.lsp.buf.definition()
  wait("the imported file", function() return vim.api.nvim_buf_get_name(0):match("types%.flow$") ~= nil end)
  seen.definition = { file = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ":t"), line = vim.fn.getline(".") }
  vim.cmd("buffer " .. buffer)

  -- Rename changes every use, in both files.
  go_to("orders: Order")
  vim.lsp.buf.rename("purchases")
  wait("the rename", function() return lines(buffer):match("purchases") ~= nil end)
  seen.renamed = lines(buffer)
  go_to("data.total", 6)
  vim.lsp.buf.rename("amount")
  wait("the rename of a field", function() return lines(buffer):match("data.amount") ~= nil end)
  seen.field = lines(buffer)
  seen.types = lines(vim.fn.bufnr("types.flow"))

  -- Formatting.
  if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = patience }) else vim.lsp.buf.formatting_sync(nil, patience) end
  seen.formatted = lines(buffer)
end

local fine, problem = xpcall(session, debug.traceback)
if not fine then seen.problem = problem end
local file = assert(io.open(vim.env.SEEN, "w"))
file:write(vim.fn.json_encode(seen))
file:close()
vim.cmd("qa!")
