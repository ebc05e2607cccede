"""The processes as their officers read and sign them: sheets and drawings, as files and as pages."""
